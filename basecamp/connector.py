"""Basecamp for Fivetran: projects, people, to-dos, messages, schedules, cards, chats, files, time.

`python connector.py` in this folder does what `fivetran debug` does. See README.md.
"""

import sys
from pathlib import Path

import fivetran_connector_sdk
import models
import settings
import sync
from fivetran_connector_sdk import Connector

from shared.setup import entry_points

schema, update, configuration_form = entry_points(
    fivetran_connector_sdk, models.TABLES, settings.CONFIGURATION, settings.CHECKS, sync.build
)
connector = Connector(update=update, schema=schema, configuration_form=configuration_form)

if __name__ == "__main__":
    sys.argv[1:1] = ["debug", str(Path(__file__).parent)]
    fivetran_connector_sdk.main()
