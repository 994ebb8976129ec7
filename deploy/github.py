"""What GitHub Actions is told: masks, the summary of a job, its outputs. Elsewhere it is only printed."""

import os
from collections.abc import Iterable
from pathlib import Path

SHOWN_BY_THE_COMMAND = 8
"""`fivetran deploy` prints so many characters of the key (fivetran_sdk.md 3.6)."""


def mask(secrets: Iterable[str]) -> None:
    """Hide these, and the beginnings of them that `fivetran` prints, in everything that follows."""
    if os.environ.get("GITHUB_ACTIONS") == "true":
        for secret in secrets:
            print(f"::add-mask::{secret}")
            print(f"::add-mask::{secret[:SHOWN_BY_THE_COMMAND]}", flush=True)


def summarise(text: str) -> None:
    """Say it in the log and in the summary of the job."""
    print(text, flush=True)
    _append("GITHUB_STEP_SUMMARY", text + "\n\n")


def output(name: str, value: str) -> None:
    """Say it, and hand it to the jobs that follow."""
    print(f"{name}={value}", flush=True)
    _append("GITHUB_OUTPUT", f"{name}={value}\n")


def _append(variable: str, text: str) -> None:
    if path := os.environ.get(variable):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)
