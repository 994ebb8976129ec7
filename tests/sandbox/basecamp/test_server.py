"""A running Basecamp on 127.0.0.1, asked by the vendor's own client."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.basecamp import Basecamp
from sandbox.company import Company
from sandbox.server import Server


@pytest.fixture
def running() -> Iterator[Any]:
    vendor = Basecamp(Company(1, 0.05), time.time)
    with Server(vendor, port=0) as server:
        server.vendor = vendor  # type: ignore[attr-defined]
        yield server


def token(server: Any) -> str:
    configuration = requests.get(f"{server.origin}/_sandbox/configuration").json()
    keys = ("client_id", "client_secret", "refresh_token")
    form = {"type": "refresh", **{key: configuration[key] for key in keys}}
    url = f"{configuration['launchpad_url']}/authorization/token"
    return requests.post(url, data=form).json()["access_token"]


@pytest.fixture
def ask(running: Any) -> Callable[..., Any]:
    """What the vendor's own client, pointed here, makes of an expression over `account`."""

    def ask(code: str, access_token: str | None = None) -> Any:
        script = Path(__file__).with_name("vendor_client.py")
        account = str(running.vendor.account_id)
        command = [sys.executable, "-I", script, running.origin, account, access_token or token(running), code]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout)

    return ask


def test_the_vendors_client_lists_projects_people_and_recordings(running: Any, ask: Callable[..., Any]) -> None:
    truth = running.vendor.truth()
    active = {row["id"] for row in truth["project"] if row["status"] == "active"}
    assert {str(project["id"]) for project in ask("account.projects.list()")} == active
    assert {str(person["id"]) for person in ask("account.people.list()")} == {row["id"] for row in truth["person"]}
    todos = ask("account.recordings.list(type='Todo', sort='updated_at', direction='desc')")
    assert len(todos) > 100
    assert [todo["updated_at"] for todo in todos] == sorted((todo["updated_at"] for todo in todos), reverse=True)


def test_the_vendors_asynchronous_client_reads_the_same(ask: Callable[..., Any]) -> None:
    code = "account.recordings.list(type='Comment')"
    assert [row["id"] for row in ask(f"await {code}")] == [row["id"] for row in ask(code)]


def test_the_vendors_client_lists_todos_and_comments(running: Any, ask: Callable[..., Any]) -> None:
    truth = running.vendor.truth()
    todo = next(
        row
        for row in truth["todo"]
        if row["status"] == "active" and not row["completed"] and row["parent_type"] == "Todolist"
    )
    listed = ask(f"account.todos.list(todolist_id={todo['parent_id']})")
    assert todo["id"] in {str(one["id"]) for one in listed}
    comment = next(row for row in truth["comment"] if row["status"] == "active")
    listed = ask(f"account.comments.list(recording_id={comment['parent_id']})")
    assert comment["id"] in {str(one["id"]) for one in listed}


def test_the_vendors_client_reads_the_tools_of_a_project(ask: Callable[..., Any]) -> None:
    tools = {tool["name"]: tool["id"] for tool in ask("account.projects.list()")[0]["dock"]}
    assert ask(f"account.todosets.get(todoset_id={tools['todoset']})")["type"] == "Todoset"
    assert ask(f"account.todolists.list(todoset_id={tools['todoset']})")
    assert ask(f"account.message_boards.get(board_id={tools['message_board']})")["type"] == "Message::Board"
    assert ask(f"account.card_tables.get(card_table_id={tools['kanban_board']})")["lists"]
    assert ask("account.campfires.list()")


def test_the_vendors_client_understands_the_refusals(ask: Callable[..., Any]) -> None:
    assert ask("account.projects.list()", access_token="wrong") == {"error": "AuthError"}
    assert ask("account.todos.get(todo_id=5)") == {"error": "NotFoundError"}
    assert ask("account.recordings.list(type='Nothing')") == {"error": "ValidationError"}
