"""Several servers on one database are one service."""

from contextlib import ExitStack
from functools import partial

import pytest

from tests.durability.posting import grants, post_all
from tests.factories import ORIGIN, fresh_key
from tests.store.concurrency import eventually, together

SITE_ORIGIN = {"Origin": ORIGIN}
GRANTED = (200, "granted")
WITHDRAWN = (403, "withdrawn")


@pytest.fixture
def servers(make_service):
    """Two servers that know nothing of each other but their database."""
    with ExitStack() as stack:
        both = make_service(), make_service()
        for service in both:
            stack.enter_context(service.serving())
        yield both


def check(service, token):
    """Return status and verdict."""
    status, headers, _ = service.ask(
        "GET", "/v1/shop/check/analytics", headers={"Consent-Token": token}
    )
    return status, headers["Consent-Verdict"]


def test_a_choice_at_one_server_is_checked_and_withdrawn_at_the_other(servers):
    one, other = servers
    (answer,) = post_all(one.port, grants(1))[0].values()
    token = answer["token"]
    granted = [check(service, token) for service in servers]

    withdrawal = {"token": token, "key": fresh_key()}
    status, _, text = other.ask("POST", "/v1/shop/withdrawals", withdrawal, SITE_ORIGIN)

    assert granted == [GRANTED, GRANTED]
    assert status == 201, text
    assert check(other, token) == WITHDRAWN
    assert eventually(lambda: check(one, token) == WITHDRAWN, seconds=5)


def test_one_act_sent_to_both_servers_is_recorded_once(servers, ledger):
    bodies = grants(40)

    here, there = together(*(partial(post_all, s.port, bodies) for s in servers))

    assert here == there
    assert len(ledger()) == 1 + len(bodies)


def test_acts_at_both_servers_at_once_leave_no_gap(servers, ledger):
    shares = grants(100), grants(100)

    outcomes = together(
        *(partial(post_all, *pair) for pair in zip((s.port for s in servers), shares))
    )

    answers = [answer for answered, _ in outcomes for answer in answered.values()]
    numbers = [content.number for content in ledger()]
    assert numbers == list(range(201))
    assert sorted(answer["number"] for answer in answers) == numbers[1:]
