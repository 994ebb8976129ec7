"""`python -m bench.identity RECORDS`: who is who among invented people of four systems, as JSON: CPU seconds and peak
MB.

Some of the people have much in common: a family's mailbox, a switchboard, one telephone under forty records of one
name."""

import json
import random
import sys
import time
from collections.abc import Iterator

from airtable_push.flatten.identity.people import decide
from airtable_push.flatten.identity.rows import record_of_row
from bench.apart import apart, peak_megabytes
from bench.figures import Figure
from tests.airtable_push.flatten.accuracy import graded_firms, graded_labels, graded_traps
from tests.airtable_push.flatten.traps import FIRMS, MEN, SYSTEMS, WOMEN

SHORT, WHOLE = (10_000, 100_000), (10_000, 100_000, 1_000_000)
MOST_MEGABYTES = 400
SYLLABLES = "ba be bi do du ga ka ke ko la le li lo ma me mi mo na ne no ra re ri ro sa se so ta te to va ve vi".split()
CROWD = 40
"""Records of one name at one telephone, of which every thousandth record begins some."""


def figures(sizes: tuple[int, ...] = SHORT) -> Iterator[Figure]:
    """How well, and how fast."""
    for of, grade, precision, recall in (
        ("1,000 labelled records of others", graded_labels(1_000), 1.0, 0.34),
        ("the same, at most four a person", graded_labels(4), 1.0, 0.40),
        ("traps", graded_traps(), 0.995, 0.80),
        ("200 pairs of firms", graded_firms(), 0.99, 0.90),
    ):
        yield Figure("who is who: precision", of, grade.precision, at_least=precision)
        yield Figure("who is who: recall", of, grade.recall, at_least=recall)
    smallest = 0.0
    for size in sizes:
        found = apart("bench.identity", str(size))
        each = found["seconds"] / size
        smallest = smallest or each
        beside = f"{found['people']:,} people, {found['reviews']:,} to review; {found['seconds']:.1f} s"
        of = f"{size:,} records"
        yield Figure("who is who: CPU a record, of that at 10,000", of, each / smallest, at_most=1.5, beside=beside)
        yield Figure("who is who: peak MB", of, round(found["peak"]), MOST_MEGABYTES if size <= 100_000 else None)


def rows(records: int) -> Iterator[tuple[str, ...]]:
    """Rows of `contact_source`, the same for every run."""
    draw = random.Random(5)
    lasts = ["".join(draw.choices(SYLLABLES, k=draw.randint(2, 4))) for _ in range(max(200, records // 15))]
    made = 0
    while made < records:
        first, last = draw.choice((*WOMEN, *MEN)), draw.choice(lasts).title()
        firm = f"{draw.choice(lasts)} {draw.choice(FIRMS).split()[1]}".title()
        domain = f"{firm.replace(' ', '').lower()}.example"
        phone = f"{draw.randint(201, 989)}-{draw.randint(200, 999)}-{draw.randint(1000, 9999)}"
        email = draw.choice((f"{first}.{last}@{domain}".lower(), f"info@{domain}", f"{last}@home.example".lower()))
        crowded = made % 1_000 < CROWD
        for system in SYSTEMS * (CROWD // 4) if crowded else draw.sample(SYSTEMS, draw.choice((1, 1, 2, 2, 3, 4))):
            made += 1
            name = f"{first} {last}" if draw.random() < 0.9 else f"{first[0]}. {last}"
            parts = name.split() if system in ("copper", "pandadoc") else ("", "")
            given = (email if draw.random() < 0.8 else "", phone if crowded or draw.random() < 0.6 else "")
            yield (
                f"{system}:person:{made}",
                name,
                *parts,
                "",
                *given,
                firm if draw.random() < 0.6 else "",
                "",
                "",
                "",
                "",
            )


def main() -> int:
    given = list(rows(int(sys.argv[1])))
    began = time.process_time()
    found = decide([record_of_row(row, "US", lambda _, company: company.lower()) for row in given])
    print(
        json.dumps(
            {
                "seconds": time.process_time() - began,
                "peak": peak_megabytes(),
                "people": len(found.groups),
                "reviews": len(found.reviews),
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
