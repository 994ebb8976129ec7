"""The simulated Virtuous over a socket."""

import time

import requests

from sandbox.company import Company
from sandbox.server import VENDORS, Server
from sandbox.virtuous import Virtuous


def test_it_is_played_and_its_configuration_opens_it() -> None:
    assert "virtuous" in VENDORS
    with Server(Virtuous(Company(1, 0.02), time.time), port=0) as server:
        settings = requests.get(f"{server.origin}/_sandbox/configuration").json()
        headers = {"Authorization": f"Bearer {settings['bearer_token']}"}
        answer = requests.get(f"{settings['base_url']}/api/Organization/Current", headers=headers)
        assert answer.json()["organizationName"] == "Lanternfish & Sons"
