"""EveryAction / NGP VAN for Fivetran: supporters, contributions, activist codes, surveys, events.

`python connector.py` in this folder does what `fivetran debug` does. See README.md.
"""

import fivetran_connector_sdk
import models
import settings
import sync
from fivetran_connector_sdk import Connector

from shared.setup import entry_points

schema, update, configuration_form = entry_points(
    fivetran_connector_sdk, models.tables, settings.CONFIGURATION, settings.CHECKS, sync.build
)
connector = Connector(update=update, schema=schema, configuration_form=configuration_form)

if __name__ == "__main__":
    connector.debug()
