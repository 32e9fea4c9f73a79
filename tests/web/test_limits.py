"""Who asks too often is told to wait; taking something back has a budget of its own."""

from dataclasses import replace

import pytest

from consent.app import create_app
from consent.services import apikeys
from tests.factories import SECRET, SITE, body, fresh_key
from tests.web.asking import assert_problem, post, size
from tests.web.filling import HERE, PAGE, fields

GRANT = {"analytics": "granted"}
HOUSE, SAME_HOUSE = "2a02:8100:0:1200::1", "2a02:8100:0:12ff:3::9"
NEXT_HOUSE = "2a02:8100:0:1300::1"


@pytest.fixture
def visited(shop):
    """Return what opens the service with these limits to a visitor's address."""
    opened = []

    def open_to(address="8.8.8.8", **limits):
        few = {"limit_pages": 2, "limit_acts": 2, "limit_withdrawals": 2}
        opened.append(create_app(replace(shop.settings, **few | limits)))
        return of(opened[-1], address)

    yield open_to
    for app in opened:
        app.extensions["consent"].close()


def of(app, address):
    """Return a browser of sorts at this address."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def statuses(client, path=PAGE, times=3, **headers):
    """Return the statuses of asking so often for a page."""
    return [client.get(path, headers=headers).status_code for _ in range(times)]


def test_above_the_limit_a_page_says_so_and_when_to_come_again(visited):
    client = visited()
    assert statuses(client, times=2) == [200, 200]

    answer = client.get(PAGE, headers={"Accept": "text/html"})

    assert (answer.status_code, answer.mimetype) == (429, "text/html")
    assert "Too many requests came from your network." in answer.text
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_above_the_limit_an_act_is_answered_by_a_problem_and_not_recorded(
    visited, shop
):
    client = visited()
    for _ in range(2):
        assert post(client, "records", body(GRANT)).status_code == 201

    answer = post(client, "records", body(GRANT))

    assert_problem(answer, 429, "too_many_requests")
    assert int(answer.headers["Retry-After"]) >= 1
    # The banner reads it, and sends the same once more.
    assert answer.headers["Access-Control-Allow-Origin"]
    assert size(shop) == 3


def test_whoever_may_send_no_more_choices_still_withdraws_and_erases(visited):
    client = visited(limit_acts=1, limit_pages=1)
    token = post(client, "records", body(GRANT)).json["token"]
    assert post(client, "records", body(GRANT)).status_code == 429

    withdrawn = post(client, "withdrawals", {"token": token, "key": fresh_key()})
    erased = post(client, "erasure", {"secret": SECRET})

    assert (withdrawn.status_code, erased.status_code) == (201, 200)


@pytest.mark.parametrize(
    ("action", "decision"),
    [
        ("analytics", "refused"),
        ("audience", "objected"),
        ("withdraw", None),
        ("records/erasure", None),
    ],
)
def test_so_do_they_on_the_pages(visited, action, decision):
    client = visited(limit_acts=1, limit_pages=9)
    client.post(**filled(client, "analytics", "granted"))
    assert client.post(**filled(client, "analytics", "granted")).status_code == 429

    answer = client.post(**filled(client, action, decision))

    assert answer.status_code == 303


def test_no_word_that_is_sent_along_turns_a_choice_into_a_withdrawal(visited):
    client = visited(limit_acts=1, limit_pages=9)
    client.post(**filled(client, "analytics", "granted"))

    undoing = {"decision": "refused", "put_back": '{"analytics": "granted"}'}
    answer = client.post(f"{PAGE}/undo", data=undoing, headers=HERE)

    assert answer.status_code == 429


def filled(client, action, decision):
    """Return a form as it is sent once it is filled in."""
    address = f"{PAGE}/{action}"
    shown = address if action == "records/erasure" else PAGE
    data = fields(client.get(shown).text, address)
    decided = {"decision": decision} if decision else {}
    return {"path": address, "data": data | decided, "headers": HERE}


def test_withdrawals_have_a_limit_too(visited):
    client = visited(limit_withdrawals=1)
    sent = {"token": "none", "key": fresh_key()}

    found = [post(client, "withdrawals", sent).status_code for _ in range(2)]

    assert found == [403, 429]


def test_a_household_is_one_network_and_the_next_is_another(visited):
    client = visited(HOUSE)
    assert statuses(client) == [200, 200, 429]

    same, other = (of(client.application, one) for one in (SAME_HOUSE, NEXT_HOUSE))

    assert statuses(same, times=1) == [429]
    assert statuses(other, times=1) == [200]


def test_an_address_written_in_both_ways_is_one(visited):
    client = visited("8.8.8.8")
    assert statuses(client) == [200, 200, 429]

    assert statuses(of(client.application, "::ffff:8.8.8.8"), times=1) == [429]


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "::1", "fd00::1", ""])
def test_a_proxy_that_no_setting_names_does_not_shut_everybody_out(visited, address):
    assert statuses(visited(address)) == [200, 200, 200]


def test_behind_a_trusted_proxy_the_visitors_address_counts(visited):
    client = visited("127.0.0.1", proxies=1)

    mine = statuses(client, **{"X-Forwarded-For": "8.8.8.8"})
    others = statuses(client, times=1, **{"X-Forwarded-For": "1.1.1.1"})

    assert (mine, others) == ([200, 200, 429], [200])


def test_what_nobody_trusted_forwards_does_not_count(visited):
    client = visited()

    forged = [
        client.get(PAGE, headers={"X-Forwarded-For": f"1.1.1.{last}"}).status_code
        for last in range(3)
    ]

    assert forged == [200, 200, 429]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/shop/check/necessary",
        "/v1/shop/notice",
        "/shop/banner.js",
        "/.well-known/jwks.json",
        "/healthz",
    ],
)
def test_gateways_scripts_and_monitors_are_not_counted(visited, path):
    assert statuses(visited(), path, times=5) == [200] * 5


def test_who_asks_with_an_api_key_has_a_budget_of_that_key(visited, shop):
    client = visited("10.0.0.1", limit_keys=2)
    keys = [apikeys.add(shop, SITE, name)[1] for name in ("ours", "theirs")]
    asked = {"checks": [{"purpose": "analytics", "subject": "0" * 32}]}

    def answers(key, times):
        shown = {"Authorization": f"Bearer {key}"}
        path = f"/v1/{SITE}/checks"
        return [client.post(path, json=asked, headers=shown) for _ in range(times)]

    *within, beyond = answers(keys[0], 3)

    assert [one.status_code for one in within] == [200, 200]
    assert_problem(beyond, 429, "too_many_requests")
    assert int(beyond.headers["Retry-After"]) >= 1
    assert answers(keys[1], 1)[0].status_code == 200


def test_batches_have_a_budget_of_the_network_whatever_key_is_shown(visited):
    client = visited(limit_keys=2)
    asked = {"checks": [{"purpose": "analytics"}]}

    def status(**headers):
        return client.post(
            f"/v1/{SITE}/checks", json=asked, headers=headers
        ).status_code

    assert [status() for _ in range(3)] == [200, 200, 429]
    assert status(Authorization="Bearer invented") == 429


def test_no_address_is_kept_or_logged(visited, caplog, tmp_path):
    client = visited("8.8.8.8")
    assert statuses(client, times=9)[-1] == 429

    assert "refused above the limit" in caplog.text
    assert "8.8.8.8" not in caplog.text
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or b"8.8.8.8" not in file.read_bytes()
