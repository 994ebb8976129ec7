"""The order of changes stays right however it is changed."""

from random import Random

import pytest

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
