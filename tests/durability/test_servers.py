"""Several servers on one database are one service."""

from contextlib import ExitStack
from functools import partial

import httpx
import pytest

from tests.durability.posting import grants, post_all
from tests.factories import ORIGIN, SECRET, body, fresh_key
from tests.store.concurrency import eventually, together
from tests.web.filling import fields

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
    for sent in shared:
        assert here[sent["key"]] == there[sent["key"]]


def test_a_withdrawal_in_the_preference_center_counts_in_every_process_in_a_second(
    make_service,
):
    """By what a browser without scripts does, at a server of several processes."""
    several, another = make_service(workers=2), make_service()
    with several.serving(), another.serving():
        (answer,) = post_all(several.port, [body({"analytics": "granted"})])[0].values()
        token = answer["token"]
        assert eventually(lambda: {*checks(several, another, token)} == {GRANTED})

        page = withdraw_in_the_center(several.port)
        in_time = eventually(
            lambda: {*checks(several, another, token)} == {WITHDRAWN}, seconds=1
        )

    assert "Recorded as number 2." in page
    assert "Nothing is allowed now" in page
    assert in_time


def checks(*servers_and_token):
    """Return the verdicts of servers, each asked often enough to meet every process."""
    *servers, token = servers_and_token
    return [check(service, token) for service in servers for _ in range(8)]


def withdraw_in_the_center(port):
    """Hand a secret over, withdraw everything by the page's form; return the page."""
    address, action = f"http://127.0.0.1:{port}", "/shop/preferences"
    from_shop = {"Referer": f"{ORIGIN}/"}
    with httpx.Client(base_url=address, follow_redirects=True) as browser:
        page = browser.get(action, headers=from_shop).text
        secret = {"secret": SECRET}
        sent = fields(page, f"{action}/handover") | secret
        page = browser.post(f"{action}/handover", data=sent).text
        sent = fields(page, f"{action}/withdraw")
        return browser.post(f"{action}/withdraw", data=sent).text
