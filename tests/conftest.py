"""Every connector is loaded once, before any test asks for it."""

from tests.connectors import load_all

load_all()
