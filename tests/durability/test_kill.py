"""What was acknowledged is there, whatever happens to the process."""

import threading
from collections import Counter

import pytest

from consent.domain.entries import Record, subject_of
from consent.domain.vocabulary import Decision
from consent.services.ledgers import rebuild
from tests.durability.posting import grants, post_all
from tests.factories import SITE
from tests.running import kill

POSTS = 1_000
AT_ONCE = 200
ENOUGH = 300
"""So many answers come before the kill."""


@pytest.mark.parametrize("workers", [1, 2])
def test_a_kill_loses_no_acknowledged_record_and_retries_make_one_of_each(
    make_service, onlooker, ledger, workers
):
    service, bodies = make_service(workers=workers), grants(POSTS)
    acknowledged, unanswered = killed_amid(service, bodies)

    with service.serving():
        kept = ledger()
        answers, failures = post_all(service.port, bodies)
        again, _ = post_all(service.port, [b for b in bodies if b["key"] in unanswered])
    everything = ledger()

    assert len(acknowledged) >= ENOUGH
    assert any(was_in_flight(failure) for failure in unanswered.values())
    assert_held(kept, bodies, acknowledged)
    assert failures == {}
    assert answers == acknowledged | again
    assert everything[: len(kept)] == kept
    assert_held(everything, bodies, answers)
    assert len(everything) == 1 + POSTS
    assert rebuild(onlooker, SITE).differences == ()


def killed_amid(service, bodies):
    """Post until the service is killed; return answers and failures."""
    first = threading.Lock()
    with service.serving() as process:

        def kill_after_enough(answers):
            if len(answers) >= ENOUGH and first.acquire(blocking=False):
                kill(process)

        return post_all(service.port, bodies, kill_after_enough, at_once=AT_ONCE)


def was_in_flight(failure):
    """Tell a post that lost its server from one that found none."""
    return not isinstance(failure, ConnectionRefusedError)


def assert_held(contents, bodies, answers):
    """No number is missing, no key twice, and each answer is what is recorded."""
    assert [content.number for content in contents] == list(range(len(contents)))
    records = {body.key.hex(): body for body in contents if isinstance(body, Record)}
    assert len(records) == len(contents) - 1
    assert answers.keys() <= records.keys() <= {body["key"] for body in bodies}
    for body in bodies:
        if body["key"] in answers:
            assert_is_recorded(body, answers[body["key"]], records[body["key"]])
    assert set(Counter(record.subject for record in records.values()).values()) == {1}


def assert_is_recorded(body, answer, record):
    assert record.number == answer["number"]
    assert record.subject == subject_of(SITE, bytes.fromhex(body["secret"]))
    assert {name: made.decision for name, made in record.decisions.items()} == {
        "analytics": Decision.GRANTED
    }
    assert answer["decisions"] == body["decisions"]
