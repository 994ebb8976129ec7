"""The order of changes stays right however it is changed."""

from random import Random

import pytest

from sandbox.copper.index import Index
from sandbox.copper.records import Record
from sandbox.order import Order
from tests.depth import stories


@pytest.mark.parametrize("seed", stories(range(20), quick=3))
def test_an_order_holds_each_id_once_at_its_last_time(seed: int) -> None:
    random, order, expected = Random(seed), Order(), dict[int, int]()
    for _ in range(60):
        for _ in range(random.choice((1, 3, 200))):
            id = random.randrange(80)
            if random.random() < 0.3:
                order.drop(id)
                expected.pop(id, None)
            else:
                expected[id] = random.randrange(10)
                order.put(id, expected[id])
        keys = order.keys
        assert keys == sorted(keys)
        assert {id: time for time, _, id in keys} == expected and len(keys) == len(expected)


def test_what_waits_is_seen_in_the_order_in_which_it_happened() -> None:
    index = Index()
    first, second = (Record("person", 1, 0, modified, {}, {}) for modified in (5, 9))
    index.put(1, first, now=100.0, lag=30.0)
    index.put(1, second, now=110.0, lag=0.0)
    index.catch_up(129.0)
    assert index.shown == {}
    index.catch_up(130.0)
    assert index.shown == {1: second}
    index.put(1, None, now=131.0, lag=0.0)
    assert index.shown == {} and index.order.keys == []
