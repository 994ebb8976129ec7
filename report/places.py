"""Where the sources are: DuckDB files of the connectors, or PostgreSQL."""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """Where sources are: a DuckDB file, or PostgreSQL by its URL. `name` is that of its only source, if it has one."""

    address: str
    name: str | None = None

    @property
    def is_postgres(self) -> bool:
        return self.address.startswith(("postgresql://", "postgres://"))

    @property
    def shown(self) -> str:
        """The address without a password; a file below the working directory from there."""
        if self.is_postgres:
            return self.address.rsplit("@", 1)[-1].partition("?")[0]
        return self.address.removeprefix(f"{Path.cwd()}/")

    def reason(self, error: Exception) -> str:
        """What went wrong, in a line. Where a password breaks the address, drivers quote pieces of it."""
        text = str(error).strip().partition("\n")[0]
        if self.is_postgres:
            credential = self.address.partition("://")[2].rpartition("@")[0].partition(":")[2]
            for piece in re.findall(r"\w{3,}", f"{credential} {self.address.partition('?')[2]}"):
                text = text.replace(piece, "***")
        return text


def local(root: Path) -> list[Place]:
    """The DuckDB files below a checkout, one of each connector and the job's; where there are none, the demo's."""
    demo = root / "build" / "demo"
    for folder, flat in ((root, root / "airtable_push" / "files" / "flat.duckdb"), (demo, demo / "flat.duckdb")):
        found = [Place(str(path), path.parent.parent.name) for path in sorted(folder.glob("*/files/warehouse.db"))]
        if found:
            return [*found, *([Place(str(flat))] if flat.exists() else [])]
    return []
