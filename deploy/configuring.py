"""The configuration of a connection, from `SFL_<SERVICE>_<KEY>` in the environment.

What is sent replaces everything: a key that is left out is deleted (fivetran_sdk.md 0.14). So the whole set is
made here, by the connector's own declaration, or nothing is sent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from deploy.command import Command
from deploy.fivetran import Connection, Fivetran, Refused
from shared.configuration import Configuration
from shared.errors import ConfigurationError, SourceError, Transient
from shared.oauth import Standing, standing

PREFIX = "SFL_"


@dataclass(frozen=True)
class Rendered:
    """A complete configuration."""

    values: Mapping[str, str]
    defaults: tuple[str, ...]
    """The keys that nobody has set: their values are the connector's defaults."""
    unset: tuple[str, ...]
    """The keys without a value and without a default: they are left out."""


def variable(service: str, key: str) -> str:
    """The variable that holds a setting."""
    return f"{PREFIX}{service}_{key}".upper()


def render(service: str, declared: Configuration, environment: Mapping[str, str]) -> Rendered:
    """The value of every setting. Raises `Refused`, which names the variables that are missing or wrong."""
    variables = {variable(service, setting.name): setting.name for setting in declared.settings}
    given = {key: environment[name].strip() for name, key in variables.items() if environment.get(name, "").strip()}
    prefix = variable(service, "")
    strays = [name for name in environment if name.startswith(prefix) and name not in variables]
    problems = [
        f"{name}: {sentence}" for name in strays for sentence in declared.unknown([name.removeprefix(prefix).lower()])
    ]
    for setting in declared.settings:
        try:
            setting.read(given)
        except ConfigurationError as problem:
            problems.append(f"{variable(service, setting.name)}: {problem}")
    problems += [f"{prefix}*: {sentence}" for sentence in declared.incomplete(given)]
    if problems:
        raise Refused("\n".join([f"the configuration of {service} is not complete, nothing was sent:", *problems]))
    defaults = {
        setting.name: setting.default for setting in declared.settings if setting.default and setting.name not in given
    }
    return Rendered(
        values={**defaults, **given},
        defaults=tuple(defaults),
        unset=tuple(setting.name for setting in declared.settings if setting.name not in given and not setting.default),
    )


class Configuring:
    """Sends configurations to the connections of one destination. `say` is told what happens on the way."""

    def __init__(
        self, fivetran: Fivetran, command: Command, destination: str, *, say: Callable[[str], None] = print
    ) -> None:
        self._fivetran = fivetran
        self._command = command
        self._destination = destination
        self._say = say

    def configure(
        self,
        connector: str,
        declared: Configuration,
        environment: Mapping[str, str],
        *,
        create: bool = False,
        fresh: bool = False,
        delete: bool = False,
    ) -> str:
        """Replace the configuration of a connection, or make the connection. Answers what was done.

        `fresh`: somebody says that the credential which rotates was given a moment ago. `delete`: settings that
        the connection has and the environment has not may go. Raises `Refused`, with nothing sent, and
        `SetupFailed`.
        """
        rendered = render(connector, declared, environment)
        for setting in declared.settings:
            if setting.secret:
                self._fivetran.secrets.add(rendered.values.get(setting.name))
        rotating = declared.rotating(rendered.values)
        found = self._fivetran.find(self._fivetran.group(self._destination), connector)
        if found is None:
            if not create:
                raise Refused(
                    f'there is no connection {connector} in {self._destination}: tick the box "create" to make it'
                )
            for name in rotating:
                _refuse_replaced({}, rendered.values, name, variable(connector, name), fresh)
            return self._made(connector, rendered)
        if create:
            raise Refused(f'there is a connection {connector} already: leave the box "create" unticked')
        if gone := sorted(found.settings - rendered.values.keys()):
            names = ", ".join(variable(connector, key) for key in gone)
            if not delete:
                raise Refused(
                    f"the connection has settings that would be deleted ({', '.join(gone)}), nothing was sent: set "
                    f'{names}, or tick the box "delete"'
                )
        for name in rotating:
            _refuse_replaced(self._state(found), rendered.values, name, variable(connector, name), fresh)
        # A test of a credential that rotates may use it up.
        try:
            failed = self._fivetran.configure(found.id, rendered.values, test=not rotating)
        except Transient as error:
            raise SetupFailed(f"{error}. The settings may have been replaced all the same: run this again") from error
        if failed:
            raise SetupFailed(f"the configuration of {connector} was sent and its tests fail: {'; '.join(failed)}")
        return f"{connector}: the configuration of {found.id} was replaced. {_told(rendered)}"

    def _made(self, connector: str, rendered: Rendered) -> str:
        ended = self._command.deploy(connector, rendered.values)
        self._say(ended.output)
        # Its exit code says nothing about whether the connection is there now.
        made = self._fivetran.find(self._fivetran.group(self._destination), connector)
        if made is None:
            raise SetupFailed(
                f"there is no connection {connector} so far: the output of `fivetran deploy` says why. If it gave up "
                "waiting, look at the dashboard before you try again"
            )
        if ended.code != 0:
            raise SetupFailed(
                f"the connection {connector} was made ({made.id}, paused), and `fivetran deploy` ended with an error: "
                'its output says why. Mend the settings and run this again without "create"'
            )
        return f"{connector}: made {made.id}, paused: start it in the dashboard. {_told(rendered)}"

    def _state(self, found: Connection) -> dict[str, Any]:
        try:
            return self._fivetran.state(found.id)
        except SourceError as error:
            self._say(f"the state of the connection cannot be read: {error}")
            return {}


class SetupFailed(Exception):
    """Something was sent, and did not work. The message says what."""


def _refuse_replaced(state: Mapping[str, Any], values: Mapping[str, str], name: str, held: str, fresh: bool) -> None:
    """Raise `Refused` unless the state shows that this credential is new, or still the one in use, or somebody says
    that it was given a moment ago. `held` is the variable that holds it."""
    known = standing(state, refresh_token=values[name], client_secret=values.get("client_secret", ""))
    if known is Standing.REPLACED:
        raise Refused(
            f"{held} is a token that the source has replaced since, nothing was sent: authorise again, and store the "
            "token that gives"
        )
    if known is Standing.UNKNOWN and not fresh:
        raise Refused(
            f"the source may replace {held} at any time, and nothing shows that this one still works, nothing was "
            'sent: authorise again, store the token that gives, and tick the box "fresh"'
        )


def _told(rendered: Rendered) -> str:
    """Which keys were sent; values are shown nowhere."""
    given = [key for key in rendered.values if key not in rendered.defaults]
    parts = [f"Set: {', '.join(given)}"]
    if rendered.defaults:
        parts.append(f"as the connector has it: {', '.join(rendered.defaults)}")
    if rendered.unset:
        parts.append(f"not set: {', '.join(rendered.unset)}")
    return "; ".join(parts) + "."
