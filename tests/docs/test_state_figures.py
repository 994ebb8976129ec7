"""What docs/adding_a_source.md says a remembered row costs is what it costs."""

import json
from random import Random

import pytest

from shared.checkpoints import LARGEST_STATE_BYTES
from shared.content import content_hash
from shared.landed import Entry, Landed
from tests.docs.test_adding_a_source import PAGE

ROWS = 20_000
BEGINS = "What has landed is remembered"
LIMIT = next(line for line in PAGE.split("\n- ") if line.startswith(BEGINS)).replace("\n  ", " ")
NUMBERS = [str(4_000_000_000 + 5 * place) for place in range(ROWS)]
RANDOM = [f"{Random(place).getrandbits(96):024x}" for place in range(ROWS)]


def bytes_a_row(keys):
    landed = Landed()
    for place, key in enumerate(keys):
        landed.put(key, Entry(content_hash(place)))
    return len(json.dumps(landed.encoded())) / len(landed)


def test_the_state_holds_as_much_as_the_page_says():
    assert f"holds {LARGEST_STATE_BYTES / 1e6:.0f} MB" in LIMIT


@pytest.mark.parametrize(
    ("keys", "said", "between"),
    [
        (NUMBERS, "about ten bytes a row where keys are numbers", (8, 12)),
        (RANDOM, "nearly thirty where they are long and random", (24, 30)),
    ],
    ids=["numbers", "random"],
)
def test_a_row_that_landed_costs_what_the_page_says(keys, said, between):
    least, most = between
    assert said in LIMIT
    assert least <= bytes_a_row(keys) <= most
