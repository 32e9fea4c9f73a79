from datetime import timedelta

import pytest

from consent.domain.checks import check
from consent.domain.entries import Publication, Retention
from consent.errors import UnknownRecord
from consent.services import audits, choices, evidence, retention
from consent.services.bodies import HeadRequest
from consent.services.notices import publish
from consent.services.worker import Worker
from tests.factories import SECRET, SITE, choice, make_notice
from tests.store.concurrency import eventually

GRANT = {"analytics": "granted"}
KEPT = timedelta(days=30 + 60)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def kept(runtime):
    """Publish a notice whose records are kept for 30 days and 60 more; give once."""
    publish(runtime, make_notice(term_days=30, proof_days=60))
    return runtime


def give(runtime, secret=SECRET):
    terms = runtime.follower.state(SITE).in_force
    return runtime.writer.append(choice(terms, GRANT, secret=secret))


def bodies(runtime):
    return [body for _, body in runtime.ledger(SITE).entries()]


def test_a_record_is_kept_for_its_term_and_the_proof_period(kept):
    record = give(kept)

    passed = retention.purge(kept, SITE, record.at + KEPT - MOMENT)

    assert passed == 0
    assert bodies(kept)[1] == record


def test_then_its_content_goes_and_an_entry_says_so(kept):
    record = give(kept)
    token = choices.head(kept, SITE, HeadRequest(secret=SECRET)).token

    retention.purge(kept, SITE, record.at + KEPT + MOMENT)

    publication, gone, said = bodies(kept)
    assert isinstance(publication, Publication)
    assert gone is None
    assert isinstance(said, Retention)
    assert said.below == record.number + 1
    assert audits.verify(kept, SITE).faults == ()
    verdict = check(kept.follower.state(SITE), token, "analytics", kept.clock.seconds())
    assert verdict.reason == "withdrawn"
    with pytest.raises(UnknownRecord):
        choices.head(kept, SITE, HeadRequest(secret=SECRET))


def test_the_longest_term_ever_published_counts(kept):
    """Somebody may hold a token of that time."""
    publish(kept, make_notice(term_days=300, proof_days=60))
    record = give(kept)
    publish(kept, make_notice(term_days=30, proof_days=60))

    assert retention.purge(kept, SITE, record.at + KEPT + MOMENT) == 0


def test_who_came_back_keeps_the_newer_record(kept, monkeypatch):
    first = give(kept)
    later = first.at + timedelta(days=80)
    monkeypatch.setattr(kept.clock, "now", lambda: later)
    second = give(kept)

    retention.purge(kept, SITE, first.at + KEPT + MOMENT)

    assert kept.ledger(SITE).history(second.subject) == [second]
    assert choices.standing(kept, SITE, SECRET) == second
    assert audits.verify(kept, SITE).faults == ()


def test_it_can_be_stopped_between_batches_and_run_again(kept, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    records = [give(kept, f"{number:032x}") for number in range(6)]
    late = records[-1].at + KEPT + MOMENT

    def stop(done, _total):
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        retention.purge(kept, SITE, late, stop)
    half = bodies(kept)[1:7]
    retention.purge(kept, SITE, late)

    assert half == [None, None, None, *records[3:]]
    assert bodies(kept)[1:7] == [None] * 6
    assert audits.verify(kept, SITE).faults == ()


def test_the_worker_signs_and_purges_by_itself(kept, monkeypatch):
    record = give(kept)
    late = record.at + KEPT + MOMENT
    monkeypatch.setattr(kept.clock, "now", lambda: late)

    Worker(kept).start()

    assert eventually(lambda: bodies(kept)[1] is None)
    size = len(bodies(kept))
    assert eventually(
        lambda: evidence.newest_checkpoint(kept, SITE).split("\n")[1] == str(size)
    )
