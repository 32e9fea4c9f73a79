"""Where subjects stood, found from their heads back, many at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from consent.domain.removals import Purge
from consent.domain.vocabulary import Reason, Status
from consent.errors import Unavailable, UnknownSite
from consent.store import past, writer
from consent.store.past import Past
from tests.factories import SITE, choice, withdrawal

SECRETS = [f"{number:032x}" for number in range(40)]


@pytest.fixture
def append(shop, terms):
    """Return a function that appends one choice of each secret; returns records."""

    def appended(made, secrets=SECRETS):
        drafts = [choice(terms, made, secret=secret) for secret in secrets]
        with shop.database.writing() as connection:
            return writer.append(connection, drafts, shop.clock.now()).outcomes

    return appended


def test_each_subject_stands_where_its_newest_record_of_then_left_it(shop, append):
    rounds = [
        append({"analytics": decision}) for decision in ("granted", "refused") * 3
    ]
    records = [record for taken in rounds for record in taken]
    places = [
        (records[0].subject, size) for size in (1, 2, 41, 42, 201, 202, 10_000)
    ] + [(records[39].subject, size) for size in (40, 41)]

    found = shop.past.records(SITE, places)

    numbers = [getattr(found[place], "number", found[place]) for place in places]
    assert numbers == [
        *(Reason.MISSING, 1, 1, 41, 161, 201, 201),
        *(Reason.MISSING, 40),
    ]


def test_of_whom_nothing_is_kept_nothing_is_known(shop, append):
    (first,), (second,) = (
        append({"analytics": "granted"}, SECRETS[:1]),
        append({"analytics": "refused"}, SECRETS[:1]),
    )
    shop.writer.append(Purge(SITE, below=second.number))
    known, unknown = first.subject, b"\0" * 16

    found = shop.past.records(SITE, [(known, 3), (known, 2), (unknown, 3)])

    assert found[known, 3] == second
    assert found[known, 2] is Reason.WITHDRAWN
    assert found[unknown, 3] is Reason.WITHDRAWN


def test_a_history_is_read_on_from_where_it_was(shop, terms, append):
    (record,) = append({"analytics": "granted"}, SECRETS[:1])
    own = Past(shop.database)
    earlier = own.history(SITE)
    assert earlier.size == 2

    shop.writer.append(withdrawal(terms, secret=SECRETS[0]))
    history = own.history(SITE)

    assert history.size == 3
    assert history.status(record.number, 2) is Status.IN_FORCE
    assert history.status(record.number, 3) is Status.WITHDRAWN
    moment = record.at - timedelta(microseconds=1)
    assert history.at(moment, shop.follower.state(SITE).verifier).size == 1


def test_there_is_no_past_of_an_unknown_site(shop):
    with pytest.raises(UnknownSite):
        shop.past.history("nowhere")
    with pytest.raises(UnknownSite):
        shop.past.records("nowhere", [(b"\0" * 16, 1)])


def test_nobody_waits_long_while_a_ledger_is_read(shop, monkeypatch):
    monkeypatch.setattr(past, "WAIT_SECONDS", 0)
    with ThreadPoolExecutor(1) as reader, shop.past._alone():
        waiting = reader.submit(shop.past.history, SITE)

        with pytest.raises(Unavailable, match="try again"):
            waiting.result()

    assert shop.past.history(SITE).size == 1
