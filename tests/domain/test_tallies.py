"""What is counted is told, all of it and once, whoever counts and whatever is lost."""

import pytest

from consent.domain.tallies import UNNAMED, Batches, Tally
from consent.domain.vocabulary import Reason
from tests.store.concurrency import together


@pytest.fixture
def batches():
    return Batches("0" * 32, {"analytics", "marketing"}.__contains__)


def sent_by(batches, **options):
    """Return what is sent and taken: decisions and events passed on, batch by batch."""
    sent = []
    batches.deliver(sent.append, **options)
    return [(batch.decided, batch.forwarded) for batch in sent]


def test_nothing_is_lost_between_threads_while_it_is_read():
    tally = Tally(lambda purpose: True)
    times, found = 50_000, []

    def granted():
        return tally.taken().get("analytics", {}).get(Reason.GRANTED, 0)

    def count():
        for _ in range(times):
            next(tally["analytics"][Reason.GRANTED])

    def read():
        found.extend(granted() for _ in range(1_000))

    together(count, count, read, count)

    assert sum(found) + granted() == 3 * times


def test_what_is_no_purpose_is_counted_without_its_name(batches):
    next(batches.tally["0123456789abcdef"][Reason.UNKNOWN])
    next(batches.tally["somebody@shop.example"][Reason.UNKNOWN])

    assert sent_by(batches) == [({UNNAMED: {Reason.UNKNOWN: 2}}, {})]
    assert len(batches.tally) == 1


def test_what_was_not_taken_is_sent_again_unchanged_and_what_came_since_after_it(
    batches,
):
    lost, sent = [], []

    def lose(batch):
        lost.append(batch)
        raise ConnectionError

    next(batches.tally["analytics"][Reason.GRANTED])
    for _ in range(2):
        with pytest.raises(ConnectionError):
            batches.deliver(lose)
        next(batches.tally["analytics"][Reason.GRANTED])
    batches.deliver(sent.append)

    assert lost == [sent[0]] * 2
    assert [batch.sequence for batch in sent] == [1, 2]
    assert [batch.decided["analytics"][Reason.GRANTED] for batch in sent] == [1, 2]


def test_events_are_told_after_their_verdicts_and_at_the_end_all(batches):
    batches.forward("analytics", 2)
    first, second = sent_by(batches), sent_by(batches)
    batches.forward("analytics", 3)
    third = sent_by(batches)
    batches.forward("analytics", 4)
    last = sent_by(batches, last=True)

    forwarded = [batch[1] for batch in first + second + third + last]
    assert forwarded == [{}, {"analytics": 2}, {}, {"analytics": 7}]
