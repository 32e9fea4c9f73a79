"""A network may ask so often, and nothing of it is kept."""

import logging

import pytest

from consent.services import limits
from consent.services.limits import KEY_SECONDS, Budget

HERE, THERE = b"\xc6\x33\x64\x01", b"\xcb\x00\x71\x02"
START = 1000.0


@pytest.fixture
def spent():
    """Return a budget of three a minute that one network has spent."""
    budget = Budget("acts", 3)
    assert [budget.wait_seconds(HERE, START) for _ in range(3)] == [0, 0, 0]
    return budget


def test_above_the_budget_it_waits_until_the_next_is_paid_for(spent):
    assert spent.wait_seconds(HERE, START) == pytest.approx(20)
    assert spent.wait_seconds(HERE, START + 15) == pytest.approx(5)
    assert spent.wait_seconds(HERE, START + 20) == 0
    assert spent.wait_seconds(HERE, START + 20) == pytest.approx(20)


def test_another_network_does_not_pay_for_it(spent):
    assert spent.wait_seconds(THERE, START) == 0


def test_after_a_minute_of_rest_the_whole_budget_is_there_again(spent):
    again = [spent.wait_seconds(HERE, START + 61) for _ in range(4)]

    assert again[:3] == [0, 0, 0]
    assert again[3] > 0


def test_nothing_is_refused_where_no_limit_is_set():
    budget = Budget("acts", 0)

    assert not any(budget.wait_seconds(HERE, START) for _ in range(10_000))


def test_ten_thousand_networks_do_not_get_into_each_others_way():
    budget = Budget("acts", 1)

    refused = [
        number
        for number in range(10_000)
        if budget.wait_seconds(number.to_bytes(4), START)
    ]

    # Two cells shared with somebody at once: one in about forty.
    assert len(refused) < 500


def test_the_table_does_not_grow_and_holds_moments_alone(spent):
    for number in range(1000):
        spent.wait_seconds(number.to_bytes(4), START)

    rows = spent._paid_until
    assert [len(row) for row in rows] == [limits.CELLS] * 2
    # What a network still owes, and zero: nothing that its address decides.
    known = {0.0, *(START + 20 * count for count in (1, 2, 3))}
    assert {cell for row in rows for cell in row} <= known


def test_each_hour_the_key_and_the_table_are_new(spent):
    key = spent._key
    spent.wait_seconds(THERE, START + KEY_SECONDS)

    assert spent._key != key
    assert sum(cell > 0 for row in spent._paid_until for cell in row) == 2


def test_what_was_refused_is_logged_as_a_number_once_a_minute(spent, caplog):
    caplog.set_level(logging.WARNING)

    for second in (0, 1, 2):
        spent.wait_seconds(HERE, START + second)
    for _ in range(4):
        spent.wait_seconds(HERE, START + 61)

    assert caplog.messages == [
        "acts: 1 refused above the limit since the start",
        "acts: 4 refused above the limit since the start",
    ]
