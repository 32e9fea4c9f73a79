"""One address hears of material changes and of accounts that withdraw, for sure."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from consent.services import choices, subjects, webhooks
from consent.services.notices import publish
from consent.services.runtime import Runtime
from consent.services.worker import Worker
from tests.accounts import ANN, Vouching, with_a_new_vendor
from tests.factories import SITE, fresh_key, make_notice
from tests.receiving import KEY_TEXTS, KEYS, receiving, verified
from tests.store.concurrency import eventually


@pytest.fixture
def receiver():
    with receiving() as server:
        yield server


@pytest.fixture
def settings(settings, receiver):
    return replace(settings, webhook=receiver.address, webhook_keys=KEY_TEXTS)


@pytest.fixture
def later(monkeypatch):
    """Return a function that lets time pass for whatever waits."""
    clock = {"ahead": 0.0}
    real = time.time

    def ahead(seconds):
        clock["ahead"] += seconds

    monkeypatch.setattr(time, "time", lambda: real() + clock["ahead"])
    return ahead


def deliver(runtime):
    webhooks.deliver(runtime, lambda: False)


def withdraw(site):
    choices.withdraw_as_subject(
        site.runtime, SITE, secret=site.proof(), key=fresh_key(), locale="en"
    )


def waiting(sql):
    return sql("SELECT number, attempts FROM outbox")


def test_a_material_change_is_told_with_what_changed_and_signed_by_each_key(
    shop, receiver
):
    publish(shop, with_a_new_vendor())

    deliver(shop)

    ((path, headers, body),) = receiver.got
    assert path == "/hook?from=consent"
    (message,) = receiver.messages()
    assert message["type"] == "notice.changed"
    reasons = {"analytics": ["vendor or country added"]}
    told = {"site": SITE, "number": 1, "version": 2, "purposes": reasons}
    assert message["data"] == told
    assert headers["webhook-id"] == "msg_shop_1"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert all(verified(headers, body, key) for key in KEYS)
    assert not verified(headers, body + b" ", KEYS[0])


def test_other_words_for_the_same_are_told_to_nobody(shop, receiver):
    controller = {"name": "Shop", "contact": "new@shop.example"}
    publish(shop, make_notice(controller=controller))

    deliver(shop)

    assert receiver.got == []


def test_an_account_that_withdraws_is_told_and_nobody_elses_withdrawal(shop, receiver):
    site = Vouching(shop)
    site.choose(analytics="granted")
    withdraw(site)
    choices.withdraw_as_subject(shop, SITE, secret=None, key=fresh_key(), locale="en")

    deliver(shop)

    (message,) = receiver.messages()
    assert message["type"] == "account.withdrawn"
    assert message["data"]["account"] == ANN.hex()
    assert message["data"]["decisions"]["analytics"] == "refused"


def test_what_was_taken_is_not_sent_again(shop, receiver, sql):
    publish(shop, with_a_new_vendor())

    deliver(shop)
    deliver(shop)

    assert len(receiver.got) == 1
    assert waiting(sql) == []


@pytest.mark.parametrize("status", [301, 307, 400, 410, 500, 503])
def test_what_was_not_taken_is_sent_again_later_under_the_same_id(
    shop, receiver, later, status
):
    receiver.statuses = [status]
    receiver.location = f"{receiver.address}&elsewhere"
    publish(shop, with_a_new_vendor())

    deliver(shop)
    deliver(shop)
    assert [path for path, _, _ in receiver.got] == ["/hook?from=consent"]
    later(webhooks.FIRST_PAUSE_SECONDS + 1)
    deliver(shop)

    assert len(receiver.got) == 2
    first, second = (headers for _, headers, _ in receiver.got)
    assert first["webhook-id"] == second["webhook-id"]
    assert all(verified(headers, body, KEYS[1]) for _, headers, body in receiver.got)


def test_the_pauses_grow_and_end_after_days():
    pauses = [webhooks.pause_after(n) for n in range(1, webhooks.MOST_ATTEMPTS)]

    assert pauses[:3] == [timedelta(seconds=s) for s in (5, 10, 20)]
    assert max(pauses) == timedelta(hours=6)
    assert timedelta(days=2) < sum(pauses, timedelta()) < timedelta(days=4)


def test_after_the_last_attempt_it_is_given_up_and_logged(shop, receiver, sql, caplog):
    publish(shop, with_a_new_vendor())
    sql("UPDATE outbox SET attempts = :n", n=webhooks.MOST_ATTEMPTS - 1)
    receiver.statuses = [500]

    deliver(shop)

    assert waiting(sql) == []
    assert "it answers 500; given up" in caplog.text


def test_a_publication_does_not_wait_for_a_receiver_that_is_away(
    shop, receiver, sql, caplog
):
    receiver.server_close()

    _, is_new = publish(shop, with_a_new_vendor())
    deliver(shop)

    assert is_new
    assert waiting(sql) == [(1, 1)]
    assert "it cannot be reached" in caplog.text


def test_whoever_claimed_a_message_and_died_has_not_told_it(shop, receiver, later):
    """At least once: the same message may come twice, and has the same id then."""
    publish(shop, with_a_new_vendor())
    assert webhooks._claimed(shop) is not None

    deliver(shop)
    assert receiver.got == []
    later(webhooks.CLAIMED_SECONDS + 1)
    deliver(shop)

    assert len(receiver.got) == 1


def test_what_was_erased_meanwhile_is_told_to_nobody(shop, receiver, sql):
    site = Vouching(shop)
    site.choose(analytics="granted")
    withdraw(site)
    subjects.erase(shop, SITE, ANN)

    deliver(shop)

    assert receiver.got == []
    assert waiting(sql) == []


def test_the_worker_delivers_what_another_process_published(shop, receiver, settings):
    worker = Worker(shop)
    worker.start()
    other = Runtime.open(settings)
    try:
        publish(other, with_a_new_vendor())
    finally:
        other.close()

    eventually(lambda: receiver.got)


def test_without_a_webhook_nothing_piles_up(shop, settings, receiver, sql):
    publish(shop, with_a_new_vendor())
    quiet = Runtime.open(replace(settings, webhook=None))
    try:
        worker = Worker(quiet)
        worker.start()
        eventually(lambda: waiting(sql) == [])
    finally:
        quiet.close()

    assert receiver.got == []
