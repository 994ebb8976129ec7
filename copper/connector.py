"""Copper for Fivetran: people, companies, leads, opportunities, projects, tasks, activities, custom fields.

`python connector.py` in this folder does what `fivetran debug` does. See README.md.
"""

from typing import Any

import fivetran_connector_sdk
import models
import settings
import sync
from fivetran_connector_sdk import Connector, Logging, Operations

from shared.clock import SystemClock
from shared.configuration import form
from shared.journal import schemas


def schema(configuration: dict[str, str]) -> list[dict[str, Any]]:
    """Every table with its key and the type of every column."""
    return schemas(models.TABLES, configuration)


def update(configuration: dict[str, str], state: dict[str, Any]) -> None:
    """One sync."""
    sync.run(configuration, state, Operations, Logging)


def configuration_form() -> Any:
    """The setup form and its tests."""
    return form(fivetran_connector_sdk, settings.CONFIGURATION, settings.checks(SystemClock()))


connector = Connector(update=update, schema=schema, configuration_form=configuration_form)

if __name__ == "__main__":
    connector.debug()
