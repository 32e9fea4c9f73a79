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


def test_both_servers_at_once_leave_no_gap_and_record_no_act_twice(servers, ledger):
    shared = grants(50)
    shares = [[*shared, *grants(50)] for _ in servers]

    (here, _), (there, _) = together(
        *(
            partial(post_all, service.port, share)
            for service, share in zip(servers, shares, strict=True)
        )
    )

    assert [content.number for content in ledger()] == list(range(151))
    answers = here | there
    assert sorted(answer["number"] for answer in answers.values()) == [*range(1, 151)]
    for body in shared:
        assert here[body["key"]] == there[body["key"]]
