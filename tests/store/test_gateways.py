"""What gateways report is kept once, by day, and not for ever."""

from datetime import timedelta

import pytest

from consent.domain.enforcement import Count, Process
from consent.store import gateways
from consent.store.ledger import site_row
from tests.factories import NOW, SITE
from tests.store.concurrency import together

PROCESS = Process("edge", "0" * 32, NOW, NOW, 3, closed=False)
TODAY = NOW.date()
COUNTS = {("analytics", "granted"): 5, ("marketing", "refused"): 2}


@pytest.fixture
def hear(shop):
    """Return a function that takes in a batch."""

    def heard(process=PROCESS, sequence=1, day=TODAY):
        with shop.database.writing() as connection:
            row = site_row(connection, SITE)
            if is_new := gateways.hear(connection, row, process, sequence):
                gateways.add(connection, row, process.gateway, day, COUNTS)
        return is_new

    return heard


@pytest.fixture
def kept(shop):
    """Return a function that returns processes and counts."""

    def read():
        with shop.database.reading() as connection:
            row = site_row(connection, SITE)
            counts = gateways.counts(connection, row, TODAY - timedelta(days=999))
            return gateways.processes(connection, row), counts

    return read


def test_a_batch_that_arrives_several_times_at_once_counts_once(hear, kept):
    first = together(*[hear] * 4)
    second = together(*[lambda: hear(sequence=2)] * 4)

    assert sorted(first) == sorted(second) == [False, False, False, True]
    assert {count.times for count in kept()[1]} == {10, 4}


def test_an_older_batch_counts_nothing_but_its_process_was_heard_of(hear, kept):
    later = PROCESS._replace(heard_at=NOW + timedelta(seconds=9), behind=None)
    hear(sequence=2)
    hear(later, sequence=1)

    processes, counts = kept()

    assert processes == [later]
    assert counts == [
        Count("edge", TODAY, "analytics", "granted", 5),
        Count("edge", TODAY, "marketing", "refused", 2),
    ]


def test_what_is_long_ago_is_forgotten(shop, hear, kept):
    old = PROCESS._replace(instance="1" * 32, heard_at=NOW - timedelta(days=2))
    hear()
    hear(old, day=TODAY - timedelta(days=30))

    with shop.database.writing() as connection:
        gateways.forget(connection, NOW - timedelta(days=1), TODAY - timedelta(days=9))

    processes, counts = kept()
    assert processes == [PROCESS]
    assert {count.day for count in counts} == {TODAY}
