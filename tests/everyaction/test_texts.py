"""What the texts of an export file mean."""

from importlib import import_module

import pytest

from shared.types import Misfit
from tests.contract.world import CASES


@pytest.fixture
def texts():
    assert CASES["everyaction"].tables
    return import_module("everyaction.texts")


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("12.50", "12.50"),
        ("-$3.00", "-3.00"),
        ("($3.00)", "-3.00"),
        ("$1,234,567.80", "1234567.80"),
        ("1,234", "1234"),
        ("1234567", "1234567"),
    ],
)
def test_an_amount_lands_exactly_however_it_is_written(texts, written, amount):
    assert texts.AMOUNT_OF_TEXT.fit(written) == amount


@pytest.mark.parametrize("written", ["12,50", "1.234,56", "1,23,456", "12,", "ten"])
def test_an_amount_that_may_mean_another_one_does_not_fit(texts, written):
    with pytest.raises(Misfit):
        texts.AMOUNT_OF_TEXT.fit(written)


@pytest.mark.parametrize(
    ("written", "time"),
    [("2026-05-31T12:59:00", "2026-05-31T12:59:00"), ("5/31/2026 1:02:03 PM", "2026-05-31T13:02:03.000000")],
)
def test_a_time_lands_as_it_is_on_the_wall(texts, written, time):
    assert texts.TIME_OF_TEXT.fit(written).startswith(time)
