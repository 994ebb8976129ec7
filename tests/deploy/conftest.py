"""A Fivetran account on 127.0.0.1, and what deploys to it: the real `fivetran`, in virtual time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from demo.stage import Project, stand_ins
from deploy.command import Command
from deploy.configuring import Configuring
from deploy.fivetran import Fivetran
from deploy.rollout import Rollout
from sandbox.clock import VirtualClock
from sandbox.server import Server
from tests.deploy.stand_in import DESTINATION, KEY, Account


@dataclass
class Desk:
    """What one operator has."""

    account: Account
    clock: VirtualClock
    fivetran: Fivetran
    command: Command
    said: list[str] = field(default_factory=list)

    @property
    def rollout(self) -> Rollout:
        return Rollout(self.fivetran, self.command, DESTINATION, clock=self.clock, say=self.said.append)

    @property
    def configuring(self) -> Configuring:
        return Configuring(self.fivetran, self.command, DESTINATION, say=self.said.append)


@contextmanager
def desk_for(project: Path, key: str = KEY) -> Iterator[Desk]:
    """A desk for the copies of connectors in a folder."""
    account, clock = Account(), VirtualClock()
    with Server(account, port=0) as server:  # type: ignore[arg-type]  # it answers as a vendor does
        fivetran = Fivetran(key, clock=clock, address=server.origin)
        command = Command(fivetran, DESTINATION, root=project, path=str(stand_ins(project)))
        try:
            yield Desk(account, clock, fivetran, command)
        finally:
            account.close()


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with a copy of a connector."""
    root = tmp_path_factory.mktemp("repository")
    Project("copper", root / "copper")
    return root


@pytest.fixture
def desk(project: Path) -> Iterator[Desk]:
    with desk_for(project) as desk:
        yield desk


@pytest.fixture
def account(desk: Desk) -> Account:
    return desk.account
