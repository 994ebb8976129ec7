"""What is kept of a deployment: which commit became which package, and what was bound before."""

import json
from dataclasses import asdict
from pathlib import Path

from deploy.github import summarise
from deploy.rollout import Outcome


def tell(outcome: Outcome, commit: str, at: str) -> None:
    """The summary of a deployment, with what is needed to take it back."""
    rows = {
        "outcome": outcome.sentence,
        "commit": commit,
        "connection": outcome.connection,
        "package": outcome.package,
        "package before": outcome.before,
        "paused": "yes" if outcome.paused else "no",
        "at": at,
    }
    lines = [f"### {outcome.connector}: {'done' if outcome.good else 'FAILED'}", "", "| | |", "| --- | --- |"]
    summarise("\n".join([*lines, *(f"| {name} | {_cell(value)} |" for name, value in rows.items())]))


def keep(outcome: Outcome, commit: str, at: str, folder: Path) -> None:
    """Write the same to `CONNECTOR.json` in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    record = {**asdict(outcome), "commit": commit, "at": at}
    (folder / f"{outcome.connector}.json").write_text(json.dumps(record, indent=2) + "\n", "utf-8")


def _cell(value: str | None) -> str:
    return " ".join((value or "none").replace("|", "/").split())
