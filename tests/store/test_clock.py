"""The service's clock never steps back: an expired token must not live again."""

import time
from datetime import UTC

import pytest

from consent.store.clock import Clock


@pytest.fixture
def wall(monkeypatch):
    """Return a function that sets the machine's clock."""
    now = time.time()

    def set_wall(seconds_from_now):
        monkeypatch.setattr(time, "time", lambda: now + seconds_from_now)

    set_wall(0)
    return set_wall


def test_it_goes_on_when_the_machine_steps_back(wall):
    clock = Clock()
    before = clock.seconds()

    wall(-3600)

    assert before <= clock.seconds() < before + 60


def test_it_follows_the_machine_forwards(wall):
    clock = Clock()
    before = clock.seconds()

    wall(3600)

    assert clock.seconds() == pytest.approx(before + 3600, abs=60)


def test_it_does_not_return_from_a_step_forwards(wall):
    clock = Clock()
    wall(3600)
    ahead = clock.seconds()

    wall(0)

    assert clock.seconds() >= ahead


def test_it_tells_the_same_moment_as_seconds_and_as_utc(wall):
    clock = Clock()

    before, now, after = clock.seconds(), clock.now(), clock.seconds()

    assert now.tzinfo is UTC
    assert before - 0.001 <= now.timestamp() <= after + 0.001
