"""The setup of a connection: its form, its tests, and the three functions that Fivetran calls.

schema, update, configuration_form = entry_points(
    fivetran_connector_sdk, models.TABLES, settings.CONFIGURATION, settings.CHECKS, sync.build
)
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from shared.access import Access
from shared.clock import Clock, SystemClock
from shared.configuration import Configuration, Setting, flag, origin, url
from shared.discovered import Fields
from shared.errors import ConfigurationError, SourceError
from shared.journal import schemas
from shared.retry import haste
from shared.run import Run, runner
from shared.streams import Stream
from shared.tables import Table
from shared.workers import Desk

Check = Callable[[Access], None]
"""A setup test: raises `ConfigurationError` or `SourceError` whose text says what to do."""
Checks = Sequence[tuple[str, Check]]
"""The setup tests of a connector, in order, each with its label."""


Tables = Iterable[Table] | Callable[[Fields], Iterable[Table]]
"""The tables of a connector, or what makes them of the columns that the source names."""


def prepared(declared: Configuration, checks: Checks, clock: Clock) -> dict[str, Callable[[Mapping[str, str]], None]]:
    """The setup tests by label, each to be called with the configuration. Raises what the check raises, and
    `ConfigurationError` for settings that cannot be read. Tokens are kept from one to the next."""
    state: dict[str, Any] = {}

    def bound(check: Check) -> Callable[[Mapping[str, str]], None]:
        def test(configuration: Mapping[str, str]) -> None:
            values, secrets = declared.read(configuration), declared.secrets(configuration)
            check(Access(values, secrets, clock, Desk(clock), state))

        return test

    return {label: bound(check) for label, check in checks}


def form(sdk: Any, configuration: Configuration, checks: Checks) -> Any:
    """The SDK's setup form: a field for each setting, and the checks as its tests.

    `sdk` is the package `fivetran_connector_sdk`, which only `connector.py` imports.
    """
    built = sdk.ConfigurationForm()
    for setting in configuration.settings:
        built.add_field(_field(sdk, setting))
    for (label, check), test in zip(checks, prepared(configuration, checks, SystemClock()).values(), strict=True):
        built.add_test(label=label, func=_test(sdk, configuration, test, check.__name__))
    return built


def _field(sdk: Any, setting: Setting) -> Any:
    required = setting.default is None
    fields = sdk.form_field
    words = {"name": setting.name, "label": setting.label, "description": setting.description, "required": required}
    if setting.choices:
        options = [fields.DropdownFieldParam(value=choice, label=choice, description="") for choice in setting.choices]
        return fields.DropdownField(**words, fields=options)
    if setting.kind is flag:
        return fields.ToggleField(**words)
    kind = fields.TextField.password if setting.secret else fields.TextField.plain_text
    return fields.TextField(**words, field_type=kind, placeholder=setting.default or "")


def _test(
    sdk: Any, configuration: Configuration, check: Callable[[Mapping[str, str]], None], name: str
) -> Callable[[dict[str, str]], Any]:
    def test(values: dict[str, str]) -> Any:
        try:
            with haste():
                check(values)
        except ConfigurationError as problem:
            said = str(problem)
        except SourceError as problem:
            said = f"{problem}{_where_to_look(configuration, values, problem)}"
        else:
            return sdk.Test.success()
        return sdk.Test.failure(configuration.secrets(values).hide(said))

    test.__name__ = name
    return test


def _where_to_look(configuration: Configuration, values: Mapping[str, str], problem: SourceError) -> str:
    """What to look at where nothing answered: the address, and the setting that it comes from."""
    host = urlsplit(problem.url).netloc
    if problem.status is not None or not host:
        return ""
    addresses = [setting for setting in configuration.settings if setting.kind in (url, origin)]
    names = [each.name for each in addresses if urlsplit(each.read(values) or "").netloc == host]
    settings = f" (the setting {names[0]})" if names else ""
    return f". Check that {host}{settings} is right and can be reached from here"


def _fields(declared: Configuration, configuration: Mapping[str, str]) -> Fields:
    """The columns that the source names; none where it cannot be asked now."""
    clock = SystemClock()
    try:
        if declared.fields is not None:
            values, secrets = declared.read(configuration), declared.secrets(configuration)
            return declared.fields(Access(values, secrets, clock, Desk(clock)))
    except (ConfigurationError, SourceError):
        pass  # The sync that follows says what is wrong.
    return {}


def entry_points(
    sdk: Any, tables: Tables, declared: Configuration, checks: Checks, build: Callable[[Run], Sequence[Stream]]
) -> tuple[Callable[[dict[str, str]], Any], Callable[[dict[str, str], dict[str, Any]], None], Callable[[], Any]]:
    """`schema`, `update` and `configuration_form` of a connector, as the SDK's `Connector` takes them.

    `build` makes the streams of one sync, parents before their children.
    """
    run = runner(declared, build)

    def schema(configuration: dict[str, str]) -> list[dict[str, Any]]:
        """Every table with its key and the type of every column."""
        return schemas(tables if not callable(tables) else tables(_fields(declared, configuration)), configuration)

    def update(configuration: dict[str, str], state: dict[str, Any]) -> None:
        """One sync."""
        run(configuration, state, sdk.Operations, sdk.Logging)

    def configuration_form() -> Any:
        """The setup form and its tests."""
        return form(sdk, declared, checks)

    return schema, update, configuration_form
