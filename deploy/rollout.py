"""Deploying a connector and taking it back, with Fivetran's own word on what came of it.

Whatever `fivetran deploy` says, the API is asked which package is bound: the command may give up waiting for
an update that succeeds a moment later, and it leaves a package bound whose setup tests fail
(fivetran_sdk.md 0.11, 0.12).
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.command import Command
from deploy.fivetran import Connection, Fivetran, Refused
from shared.clock import Clock
from shared.errors import NotFound, Rejected, SourceError

SETTLING_SECONDS = 300.0
"""How long an update that the command gave up on may still be under way."""
LOOK_SECONDS = 15.0
"""Between two looks at what is bound."""


@dataclass(frozen=True)
class Outcome:
    """What is bound now, and how that came about."""

    connector: str
    connection: str
    before: str | None
    package: str | None
    good: bool
    sentence: str
    paused: bool


class Rollout:
    """Deploys to one destination. `say` is told what happens on the way, `note` what is bound before anything is
    changed: that must be known even if the rest is cut off."""

    def __init__(
        self,
        fivetran: Fivetran,
        command: Command,
        destination: str,
        *,
        clock: Clock,
        say: Callable[[str], None] = print,
        note: Callable[[str], None] = print,
    ) -> None:
        self._fivetran = fivetran
        self._command = command
        self._destination = destination
        self._clock = clock
        self._say = say
        self._note = note

    def deploy(self, connector: str) -> Outcome:
        """Put the code that is here into the connection of the connector's name. Its settings stay.

        Where the setup tests fail with it, the package of before is bound again. Raises `Refused` where there
        is no such connection.
        """
        group, found = self._find(connector)
        there = self._packages()
        ended = self._command.deploy(connector)
        self._say(ended.output)
        # What was there before is none that was made of the code here, whoever has bound it meanwhile.
        old = (there or frozenset()) | {found.package}
        now = self._settled(found, lambda package: package not in old, wait=ended.code != 0 and self._may_follow(there))
        if now.package not in old:
            if ended.code == 0:
                return self._checked(connector, found, now, "deployed")
            return self._after_a_failure(connector, found, now)
        if ended.code != 0 and not self._fivetran.has_old_addresses(group, connector, found.id):
            self._say("the addresses that `fivetran deploy` calls are gone: going on with the new ones")
            return self._deploy_by_api(connector, found)
        said = "ended with an error" if ended.code else "said that all went well"
        bound = f"{now.package} is still bound" if now.package else "Fivetran names no package that is bound"
        return self._outcome(
            connector, found, now, False, f"not deployed: `fivetran deploy` {said} and {bound}. Its output says why"
        )

    def roll_back(self, connector: str, package: str) -> Outcome:
        """Bind the connection to a package of before. Raises `Refused` where there is none of that id."""
        _, found = self._find(connector)
        try:
            others = self._fivetran.bound_to(package) - {found.id}
        except NotFound:
            raise Refused(
                f"Fivetran has no package {package}: choose another one, or revert the commit and deploy that"
            ) from None
        if others:
            raise Refused(f"the package {package} is run by {', '.join(sorted(others))}: is it one of {connector}'s?")
        if found.package == package:
            return self._outcome(connector, found, found, True, f"{package} was bound already: nothing was done")
        return self._bind(connector, found, package)

    def _bind(self, connector: str, found: Connection, package: str) -> Outcome:
        ended = self._command.rebind(connector, package)
        self._say(ended.output)
        # Going back is urgent, and asking for the same twice does no harm.
        now = self._settled(found, lambda bound: bound == package, wait=False)
        if now.package != package:
            self._say("`fivetran deploy --package-id` did not bind it: asking the API to")
            try:
                self._fivetran.bind(found.id, package)
            except SourceError as error:
                self._say(str(error))
            now = self._settled(found, lambda bound: bound == package)
        if now.package != package:
            return self._outcome(
                connector,
                found,
                now,
                False,
                f"not rolled back: {now.package} is still bound. Revert the commit and deploy that; pause the "
                "connection meanwhile if what is bound does harm",
            )
        doubt = "" if ended.code == 0 else " (`fivetran deploy` ended with an error all the same: its output says why)"
        return self._checked(connector, found, now, f"rolled back{doubt}")

    def _after_a_failure(self, connector: str, found: Connection, now: Connection) -> Outcome:
        """The command has failed and yet another package is bound: an answer got lost, or setup tests failed."""
        try:
            failed = self._fivetran.test(found.id)
        except SourceError as error:
            failed = [f"they cannot be run: {error}"]
        if failed:
            return self._taken_back(connector, found, now, failed)
        return self._checked(connector, found, now, "deployed (the answer to `fivetran deploy` came too late)")

    def _taken_back(self, connector: str, found: Connection, now: Connection, failed: list[str]) -> Outcome:
        tests = "; ".join(failed)
        if found.package is None:
            return self._outcome(
                connector,
                found,
                now,
                False,
                f"the setup tests fail with {now.package} ({tests}), and there is no package of before to go back to",
            )
        back = self._bind(connector, found, found.package)
        ending = f"{found.package} is bound again" if back.good else back.sentence
        current = self._fivetran.connection(found.id)
        return self._outcome(
            connector, found, current, False, f"the setup tests fail with {now.package} ({tests}): {ending}"
        )

    def _deploy_by_api(self, connector: str, found: Connection) -> Outcome:
        with tempfile.TemporaryDirectory() as folder:
            uploaded = self._fivetran.upload(self._command.package(connector, Path(folder)))
        failed: list[str] = []
        refused = False
        try:
            failed = self._fivetran.replace(found.id, uploaded)
        except SourceError as error:
            self._say(str(error))
            refused = isinstance(error, Rejected)
        now = self._settled(found, lambda bound: bound == uploaded, wait=not refused)
        if now.package != uploaded:
            if refused:
                self._thrown_away(uploaded)
            return self._outcome(connector, found, now, False, f"not deployed: {now.package} is still bound")
        if failed:
            return self._taken_back(connector, found, now, failed)
        return self._checked(connector, found, now, "deployed")

    def _thrown_away(self, package: str) -> None:
        try:
            self._fivetran.delete(package)
        except SourceError as error:
            self._say(f"{package} is left behind: {error}")

    def _find(self, connector: str) -> tuple[str, Connection]:
        group = self._fivetran.group(self._destination)
        found = self._fivetran.find(group, connector)
        if found is None:
            raise Refused(
                f"there is no connection {connector} in {self._destination}: make it with the workflow Configure, its "
                'box "create" ticked'
            )
        self._note(f"{connector}: connection {found.id} runs package {found.package}")
        return group, found

    def _packages(self) -> frozenset[str] | None:
        """Those of the account; `None` where they cannot be listed."""
        try:
            return self._fivetran.packages()
        except SourceError as error:
            self._say(str(error))
            return None

    def _may_follow(self, there: frozenset[str] | None) -> bool:
        """Whether an update may still be under way: where it was refused, or never sent, no new package is left."""
        left = self._packages()
        return there is None or left is None or bool(left - there)

    def _settled(self, found: Connection, wanted: Callable[[str | None], bool], *, wait: bool = True) -> Connection:
        """The connection as soon as what is bound is as wanted, or as it is when the time is over."""
        until = self._clock.monotonic() + (SETTLING_SECONDS if wait else LOOK_SECONDS)
        while True:
            now = self._fivetran.connection(found.id)
            if wanted(now.package) or self._clock.monotonic() >= until:
                return now
            self._clock.sleep(LOOK_SECONDS)

    def _checked(self, connector: str, found: Connection, now: Connection, how: str) -> Outcome:
        """Both sides must say that they belong together."""
        assert now.package is not None
        try:
            others = self._fivetran.bound_to(now.package)
        except SourceError as error:
            return self._outcome(
                connector,
                found,
                now,
                False,
                f"{now.id} says it runs {now.package}, and that cannot be asked ({error}): "
                "look at both in the dashboard",
            )
        if others and now.id not in others:
            return self._outcome(
                connector,
                found,
                now,
                False,
                f"{now.id} says it runs {now.package}, which says it belongs to {', '.join(sorted(others))}: "
                "look at both in the dashboard",
            )
        paused = ". The connection is paused: start it in the dashboard" if now.paused else ""
        return self._outcome(
            connector, found, now, True, f"{how}: {now.package}; a sync under way ends on {found.package}{paused}"
        )

    def _outcome(self, connector: str, found: Connection, now: Connection, good: bool, sentence: str) -> Outcome:
        return Outcome(connector, found.id, found.package, now.package, good, sentence, now.paused)
