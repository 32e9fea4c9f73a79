import json

import pytest

from tests.factories import ORIGIN, OTHER_ORIGIN, SECRET, body, fresh_key
from tests.web.asking import assert_problem, post, record, size, verdict, withdraw

GRANT = {"analytics": "granted"}
ACTS = ["records", "withdrawals", "head"]
NO = {"analytics": "refused", "marketing": "refused", "audience": "objected"}


def test_a_grant_is_answered_with_its_number_and_a_token_that_allows(client):
    answer = record(client, GRANT)

    assert answer["site"] == "shop"
    assert answer["number"] == 1
    assert answer["decisions"] == GRANT
    assert answer["expires_at"].endswith("Z")
    assert verdict(client, "analytics", answer["token"]) == (200, "granted")


def test_a_no_is_answered_without_a_number(client):
    answer = record(client, NO, secret=None)

    assert "number" not in answer
    assert verdict(client, "analytics", answer["token"]) == (403, "refused")
    assert verdict(client, "audience", answer["token"]) == (403, "refused")


def test_two_who_refuse_everything_are_told_the_same(client):
    assert record(client, NO, secret=None) == record(client, NO, secret=None)


def test_pages_of_the_site_may_read_the_answer_without_a_preflight(client):
    answer = post(client, "records", body(GRANT))

    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Vary"] == "Origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_a_retry_is_answered_alike_and_appends_nothing(client, shop):
    sent = body(GRANT)

    first, again = (post(client, "records", sent) for _ in range(2))

    assert first.json == again.json
    assert size(shop) == 2


def test_a_key_used_for_something_else_is_a_conflict(client, shop):
    sent = body(GRANT)
    post(client, "records", sent)

    answer = post(client, "records", sent | {"decisions": {"analytics": "refused"}})

    assert_problem(answer, 409, "key_reused")
    assert size(shop) == 2


def test_a_withdrawal_stops_the_old_token_at_once(client):
    token = record(client, GRANT)["token"]

    answer = withdraw(client, token)

    assert answer.status_code == 201
    assert "token" not in answer.json
    assert verdict(client, "analytics", token) == (403, "withdrawn")


def test_withdrawing_one_purpose_leaves_the_other_for_head_to_tell(client):
    token = record(client, GRANT | {"marketing": "granted"})["token"]

    withdraw(client, token, "marketing")
    newest = post(client, "head", {"secret": SECRET}).json["token"]

    assert verdict(client, "analytics", newest) == (200, "granted")
    assert verdict(client, "marketing", newest) == (403, "refused")
    assert verdict(client, "analytics", token)[0] == 403


def test_a_withdrawal_counts_even_with_a_superseded_token(client):
    old = record(client, GRANT)["token"]
    new = record(client, GRANT | {"marketing": "granted"}, after=1)["token"]

    assert withdraw(client, old).status_code == 201
    assert verdict(client, "analytics", new) == (403, "withdrawn")


def test_a_withdrawal_with_a_common_token_is_answered_with_a_common_token(client):
    common = record(client, {"analytics": "refused"}, secret=None)["token"]

    answer = withdraw(client, common).json

    assert "number" not in answer
    assert verdict(client, "audience", answer["token"]) == (403, "refused")


def test_head_tells_the_newest_token(client):
    token = record(client, GRANT)["token"]

    assert post(client, "head", {"secret": SECRET}).json["token"] == token


@pytest.mark.parametrize(
    "asked", [{"secret": "f" * 32}, {"secret": SECRET, "after": 7}]
)
def test_head_knows_of_nothing_newer_than_there_is(client, asked):
    record(client, GRANT)

    assert_problem(post(client, "head", asked), 404, "unknown_record")


def test_head_renews_a_common_token_but_no_numbered_one(client):
    common = record(client, NO, secret=None)["token"]
    numbered = record(client, GRANT)["token"]

    assert post(client, "head", {"token": common}).json["token"] == common
    assert_problem(post(client, "head", {"token": numbered}), 403, "invalid_token")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://evil.example",
        f"{ORIGIN}.evil.example",
        f"{ORIGIN}:444",
        OTHER_ORIGIN,
    ],
)
def test_only_the_sites_own_pages_may_act(client, shop, other, act, origin):
    token = record(client, GRANT)["token"]
    sent = {
        "records": body(GRANT),
        "withdrawals": {"token": token, "key": fresh_key()},
        "head": {"secret": SECRET},
    }

    answer = post(client, act, sent[act], origin=origin)

    assert_problem(answer, 403, "forbidden_origin")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert size(shop) == 2


@pytest.mark.parametrize("act", ACTS)
def test_another_method_is_told_which_one_there_is(client, act):
    answer = client.get(f"/v1/shop/{act}")

    assert_problem(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize("act", ACTS)
def test_an_unknown_site_is_not_found(client, act):
    assert_problem(post(client, act, {}, site="nowhere"), 404, "unknown_site")


MALFORMED = {
    "no JSON": b"{",
    "no object": b"[]",
    "no UTF-8": b'{"key": "\xff"}',
    "deeply nested": b"[" * 60_000,
    "a field not known": json.dumps(body(GRANT) | {"ip": "1.2.3.4"}).encode(),
    "a key too short": json.dumps(body(GRANT) | {"key": "ab"}).encode(),
    "a secret in capitals": json.dumps(body(GRANT) | {"secret": "A" * 32}).encode(),
    "a secret with a newline": json.dumps(body(GRANT, secret=SECRET + "\n")).encode(),
    "an unknown decision": json.dumps(body({"analytics": "maybe"})).encode(),
    "a number as text": json.dumps(body(GRANT) | {"notice": "1"}).encode(),
    "a notice below one": json.dumps(body(GRANT) | {"notice": 0}).encode(),
    "a time without zone": json.dumps(
        body(GRANT) | {"made_at": "2026-01-01T00:00:00"}
    ).encode(),
    "too many purposes": json.dumps(
        body({f"p{n}": "refused" for n in range(40)})
    ).encode(),
}


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_body_is_refused(client, shop, sent):
    assert_problem(post(client, "records", sent), 400, "malformed_body")
    assert size(shop) == 1


@pytest.mark.parametrize("act", ["withdrawals", "head"])
def test_a_field_that_is_not_known_is_refused(client, shop, act):
    token = record(client, GRANT)["token"]
    sent = {
        "withdrawals": {"token": token, "key": fresh_key()},
        "head": {"secret": SECRET},
    }

    answer = post(client, act, sent[act] | {"subject": "x"})

    assert_problem(answer, 400, "malformed_body")
    assert size(shop) == 2


@pytest.mark.parametrize("purpose", ["telepathy", "necessary"])
def test_only_what_is_decided_about_is_withdrawn(client, shop, purpose):
    token = record(client, GRANT)["token"]

    answer = withdraw(client, token, "analytics", purpose)

    assert_problem(answer, 422, "invalid_choice")
    assert size(shop) == 2
    assert verdict(client, "analytics", token) == (200, "granted")


def test_json_by_its_own_name_is_read_too(client):
    sent = {"Origin": ORIGIN}

    answer = client.post("/v1/shop/records", json=body(GRANT), headers=sent)

    assert answer.status_code == 201


UNFIT = {
    "an unknown purpose": {"decisions": {"telepathy": "refused"}},
    "a necessary purpose": {"decisions": {"necessary": "refused"}},
    "nothing decided": {"decisions": {}},
    "an unknown notice": {"notice": 2},
    "an unknown locale": {"locale": "fr"},
    "a laxer regime": {"regime": "inform"},
    "a foreign vendor": {"vendors": {"analytics:ads": "refused"}},
}


@pytest.mark.parametrize("changes", UNFIT.values(), ids=UNFIT)
def test_a_choice_the_notice_does_not_allow_is_refused(client, shop, changes):
    answer = post(client, "records", body(GRANT) | changes)

    assert_problem(answer, 422, "invalid_choice")
    assert size(shop) == 1


def test_a_grant_without_a_secret_is_refused(client, shop):
    answer = post(client, "records", body(GRANT, secret=None))

    assert_problem(answer, 422, "invalid_choice")
    assert size(shop) == 1


def test_an_oversized_body_is_refused(client, shop):
    answer = post(client, "records", b" " * 70_000)

    assert_problem(answer, 413, "body_too_large")
    assert size(shop) == 1


def test_a_length_beyond_all_numbers_is_refused(client):
    answer = client.post(
        "/v1/shop/records",
        data=b"{}",
        content_type="text/plain",
        headers={"Origin": ORIGIN},
        environ_overrides={"CONTENT_LENGTH": "9" * 5_000},
    )

    assert_problem(answer, 413, "body_too_large")


def test_a_form_is_no_body_of_ours(client):
    answer = client.post(
        "/v1/shop/records", data={"key": "1"}, headers={"Origin": ORIGIN}
    )

    assert_problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("token", ["", "pending", "a.b.c", "\u2603", "x" * 4_000])
def test_nobody_withdraws_with_what_is_no_token(client, shop, token):
    answer = withdraw(client, token)

    assert_problem(answer, 403, "invalid_token")
    assert size(shop) == 1


def test_an_altered_token_withdraws_nothing(client, shop):
    token = record(client, GRANT)["token"]
    altered = token[:30] + ("A" if token[30] != "A" else "B") + token[31:]

    assert_problem(withdraw(client, altered), 403, "invalid_token")
    assert verdict(client, "analytics", token) == (200, "granted")


def test_another_sites_token_withdraws_nothing(client, shop, other):
    foreign = post(
        client, "records", body(GRANT), site="other", origin=OTHER_ORIGIN
    ).json["token"]

    assert_problem(withdraw(client, foreign), 403, "invalid_token")
    assert verdict(client, "analytics", foreign) == (403, "invalid")
    assert size(shop) == 1


def test_sites_share_no_subject(client, other):
    record(client, GRANT)

    answer = post(
        client,
        "head",
        {"secret": SECRET},
        site="other",
        origin=OTHER_ORIGIN,
    )

    assert_problem(answer, 404, "unknown_record")
