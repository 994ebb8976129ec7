"""One declaration of a connector's settings gives three things.

Validation with clear messages (`Configuration.read`), the setup form (`setup.form`), and the values that may not
appear anywhere (`Configuration.secrets`). All values arrive as text, as the SDK wants them.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

from shared import streams
from shared.access import Access
from shared.discovered import Fields
from shared.errors import ConfigurationError
from shared.owner import Owner
from shared.redaction import Secrets

LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


def text(value: str) -> str:
    """Any text."""
    return value


def number(value: str) -> float:
    """A number, not below zero."""
    parsed = float(value)
    if not math.isfinite(parsed) or parsed < 0:
        raise ValueError
    return parsed


def flag(value: str) -> bool:
    """`true` or `false`."""
    return {"true": True, "false": False}[value.lower()]


def day(value: str) -> str:
    """A date, `YYYY-MM-DD`."""
    if len(value) != 10:
        raise ValueError
    return date.fromisoformat(value).isoformat()


def whole_number(value: str) -> str:
    """Digits, as for an account id."""
    if not (value.isascii() and value.isdigit()):
        raise ValueError
    return value


def url(value: str) -> str:
    """An address: https, or http on this machine."""
    parts = urlsplit(value)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS):
        raise ValueError
    if not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError
    return value.rstrip("/")


def origin(value: str) -> str:
    """An address without a path."""
    if urlsplit(url(value)).path:
        raise ValueError
    return url(value)


@dataclass(frozen=True)
class Setting:
    """One key of the configuration."""

    name: str
    label: str
    description: str
    kind: Callable[[str], Any] = text
    """From the text to the value; raises where the text is not of this kind. Its docstring says what is."""
    default: str | None = None
    """`None` makes the key a required one; an empty text stands for "not set"."""
    secret: bool = False
    choices: tuple[str, ...] = ()
    rotates: bool = False
    """A credential that the source may replace while the connector uses it (see `shared.oauth`): the configured one
    then no longer works, so configuring it once more would break the connection."""

    def read(self, configuration: Mapping[str, str]) -> Any:
        """The value, or the default. Raises `ConfigurationError` that says what is wrong."""
        raw = configuration.get(self.name)
        if raw is not None and not isinstance(raw, str):
            raise ConfigurationError(f"{self.name} must be text in quotes, as every value")
        given = (raw or "").strip()
        if not given:
            if self.default is None:
                raise ConfigurationError(f"{self.name} is missing: {self.description.rstrip('.')}")
            given = self.default
            if not given:
                return None
        if self.choices:
            if given not in self.choices:
                raise ConfigurationError(f"{self.name} must be one of {', '.join(self.choices)}")
            return given
        if self.secret and not re.fullmatch("[ -~]+", given):
            raise ConfigurationError(
                f"{self.name} has a character that none has, like a curly quote or the end of a line: copy it again"
            )
        try:
            return self.kind(given)
        except (ValueError, KeyError, OverflowError):
            wanted = (self.kind.__doc__ or "").strip().rstrip(".")
            raise ConfigurationError(f"{self.name} must be {wanted[:1].lower()}{wanted[1:]}") from None


def stream_names(value: str) -> tuple[str, ...]:
    """A comma list of stream names, each with a `-` in front to leave it out."""
    return tuple(name.strip() for name in value.split(",") if name.strip())


COMMON = (
    Setting(
        "start_date", "Start date", "Nothing that changed before this date (YYYY-MM-DD) is loaded.", day, default=""
    ),
    Setting(
        "full_pass_days",
        "Days between complete passes",
        "How often everything is read again, to find what the source gives no signal of. 0 means at every sync.",
        number,
        default="7",
    ),
    Setting(
        "look_hours",
        "Hours between looks",
        "How often to look at what may have changed without a signal. 0 means at every sync.",
        number,
        default="1",
    ),
    Setting(
        "streams",
        "Streams",
        "Comma list: optional streams to add, and with a - in front streams to leave out.",
        stream_names,
        default="",
    ),
    Setting(
        "keep_raw",
        "Keep raw records",
        "Adds to every table a column raw with the record as it came.",
        flag,
        default="false",
    ),
)
"""The settings that every connector has."""


@dataclass(frozen=True)
class Configuration:
    """The settings of one connector: its own, then the common ones."""

    own: tuple[Setting, ...]
    either: tuple[tuple[str, ...], ...] = ()
    """Sets of keys of which one is needed whole, as for several ways to authorise."""
    base_url: str = ""
    """The address of the source: a setting of its own then, for tests."""
    owner: Owner | None = None
    """How to tell whose data these settings lead to."""
    fields: Callable[[Access], Fields] | None = None
    """Asks the source for the columns that only it can name (`shared.discovered`)."""

    @property
    def settings(self) -> tuple[Setting, ...]:
        address = Setting("base_url", "Address", "Only for tests.", url, default=self.base_url)
        return (*self.own, *((address,) if self.base_url else ()), *COMMON)

    def read(self, configuration: Mapping[str, str]) -> dict[str, Any]:
        """Value by key, every declared key included. Raises one `ConfigurationError` that names all problems."""
        values, problems = {}, []
        for setting in self.settings:
            try:
                values[setting.name] = setting.read(configuration)
            except ConfigurationError as problem:
                problems.append(str(problem))
        problems += self.incomplete(configuration)
        if problems:
            raise ConfigurationError("; ".join(problems) + ".")
        return values

    def incomplete(self, configuration: Mapping[str, str]) -> list[str]:
        """What is missing of the sets of keys of which one is needed: at most one sentence."""
        given = {key for key, value in configuration.items() if str(value or "").strip()}
        lacking = [[key for key in keys if key not in given] for keys in self.either]
        if lacking and all(lacking):
            begun = [missing for missing, keys in zip(lacking, self.either, strict=True) if len(missing) < len(keys)]
            missing = " and ".join(begun[0] if begun else lacking[0])
            ways = ", or ".join(" and ".join(keys) for keys in self.either)
            return [f"{missing} is missing: needed are {ways}"]
        return []

    def unknown(self, configuration: Iterable[str]) -> list[str]:
        """A sentence for each key that is not declared, naming the nearest one that is."""
        names = [setting.name for setting in self.settings]
        sentences = []
        for key in configuration:
            if key not in names:
                from difflib import get_close_matches  # Only whoever mistypes a setting waits for it.

                near = get_close_matches(key, names, n=1)
                sentences.append(f"The setting {key} is not known" + (f"; did you mean {near[0]}?" if near else "."))
        return sentences

    def fingerprint(self, configuration: Mapping[str, str]) -> str:
        """The same for settings that lead to the same place with the same credential. So short that no secret can be
        found by it."""
        names = {setting.name for setting in self.settings} - {setting.name for setting in COMMON}
        values = {name: str(configuration.get(name) or "").strip() for name in sorted(names)}
        return blake2b(json.dumps(values).encode(), digest_size=4).hexdigest()

    def rotating(self, configuration: Mapping[str, str]) -> list[str]:
        """The keys set here whose credential the source may replace."""
        return [each.name for each in self.settings if each.rotates and str(configuration.get(each.name) or "").strip()]

    def secrets(self, configuration: Mapping[str, str]) -> Secrets:
        """The secret values of this configuration."""
        names = [setting.name for setting in self.settings if setting.secret]
        return Secrets(*(str(configuration.get(name) or "").strip() for name in names))


def stream_settings(values: Mapping[str, Any]) -> streams.Settings:
    """The common settings, as the engine takes them."""
    names = values["streams"] or ()
    return streams.Settings(
        start_date=values["start_date"],
        full_pass_days=values["full_pass_days"],
        look_hours=values["look_hours"],
        added=frozenset(name for name in names if not name.startswith("-")),
        left_out=frozenset(name[1:].strip() for name in names if name.startswith("-")),
        keep_raw=values["keep_raw"],
    )
