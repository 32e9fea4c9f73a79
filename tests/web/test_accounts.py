"""Account proofs in place of secrets, over HTTP and on the visitor's pages."""

import pytest

from consent.services import apikeys, subjects
from consent.services.notices import publish
from tests.accounts import ANN, BOB, Vouching
from tests.factories import ORIGIN, SECRET, SITE, body, make_notice
from tests.web.asking import assert_problem, post, record, size
from tests.web.filling import HERE, PAGE, decide, fields, hand_over, see, state, submit

RECORDS = f"{PAGE}/records"


@pytest.fixture
def site(app):
    return Vouching(app.extensions["consent"])


def test_records_and_head_take_a_proof_instead_of_a_secret(client, site):
    given = record(client, {"analytics": "granted"}, secret=site.proof())

    found = post(client, "head", {"secret": site.proof(seconds=60)})

    assert found.status_code == 200
    assert found.json["number"] == given["number"]
    assert found.json["token"] == given["token"]


def test_head_of_an_account_without_an_answer_is_empty(client, site):
    found = post(client, "head", {"secret": site.proof()})

    assert (found.status_code, found.json) == (200, {"site": SITE, "decisions": {}})


def test_head_of_an_account_whose_newest_number_was_lost_is_404(client, site):
    record(client, {"analytics": "granted"}, secret=site.proof())

    found = post(client, "head", {"secret": site.proof(), "after": 999})

    assert_problem(found, 404, "unknown_record")


@pytest.mark.parametrize("act", ["records", "head", "history", "export", "erasure"])
def test_an_expired_proof_is_told_from_a_choice_that_cannot_be(client, site, app, act):
    """The script keeps what is answered so, and sends it with a fresh proof."""
    expired = site.proof(seconds=-1)
    sent = body({"analytics": "granted"}) if act == "records" else {}
    before = size(app.extensions["consent"])

    answer = post(client, act, sent | {"secret": expired})

    assert_problem(answer, 401, "invalid_account_proof")
    assert answer.headers["WWW-Authenticate"].startswith("Consent-Account")
    assert size(app.extensions["consent"]) == before


def test_history_export_and_erasure_are_the_accounts(client, site):
    record(client, {"analytics": "granted"}, secret=site.proof())
    record(client, {"analytics": "granted"}, secret=site.proof(BOB))
    mine = {"secret": site.proof()}

    history = post(client, "history", mine).json["records"]
    export = post(client, "export", mine)
    erased = post(client, "erasure", mine).json["erased"]

    assert [(one["number"], one["account"]) for one in history] == [(1, True)]
    assert export.status_code == 200
    assert erased == [1]
    assert post(client, "history", mine).status_code == 404
    assert post(client, "history", {"secret": site.proof(BOB)}).status_code == 200


def test_the_receipt_is_had_by_a_proof(client, site):
    record(client, {"analytics": "granted"}, secret=site.proof())

    mine, others = (
        client.get("/v1/shop/records/1", headers={"Consent-Secret": proof})
        for proof in (site.proof(), site.proof(BOB))
    )

    assert (mine.status_code, others.status_code) == (200, 404)


def test_the_preference_center_acts_for_the_account(client, site):
    record(client, {"analytics": "granted"}, secret=site.proof())
    hand_over(client, site.proof())

    decide(client, "analytics", "refused")

    newest = subjects.history(site.runtime, SITE, ANN)[0]
    assert newest.decisions["analytics"].decision == "refused"
    assert newest.account
    assert "with your account" in client.get(RECORDS).text


def test_nothing_is_left_of_an_account_for_whoever_comes_next(client, site):
    record(client, {"analytics": "granted"}, secret=site.proof())
    hand_over(client, site.proof())

    hand_over(client, "f" * 32)

    assert "This browser holds nothing" in client.get(RECORDS).text
    assert "Show that answer" not in see(client)


def test_the_browsers_own_answer_is_offered_beside_the_accounts(client, site):
    record(client, {"analytics": "granted"}, secret=SECRET)
    record(client, {"marketing": "granted"}, secret=site.proof())
    hand_over(client, SECRET)

    hand_over(client, site.proof())

    assert "Allowed now: marketing title" in see(client)
    assert "Show that answer" in see(client)


def test_once_a_proof_has_ended_the_page_acts_for_nobody(client, site, monkeypatch):
    record(client, {"analytics": "granted"}, secret=site.proof())
    hand_over(client, site.proof())
    form = fields(see(client), f"{PAGE}/withdraw")
    before = size(site.runtime)
    ahead = site.runtime.clock.seconds() + 601
    monkeypatch.setattr(site.runtime.clock, "seconds", lambda: ahead)

    answer = client.post(f"{PAGE}/withdraw", data=form, headers=HERE)

    assert answer.status_code == 303
    assert size(site.runtime) == before
    assert "That page was open for too long" in see(client)
    assert state(see(client), "analytics") == "Not allowed: you have not decided."


def test_nothing_is_left_either_once_the_browsers_own_answer_was_looked_at(
    client, site
):
    record(client, {"analytics": "granted"}, secret=SECRET)
    record(client, {"marketing": "granted"}, secret=site.proof())
    hand_over(client, SECRET)
    hand_over(client, site.proof())
    submit(client, f"{PAGE}/switch")
    assert "Allowed now: analytics title" in see(client)

    hand_over(client, SECRET)

    assert "Show that answer" not in see(client)


def test_a_proof_that_nobody_signed_is_not_handed_over(client, site):
    decide(client, "analytics", "granted")
    site.api_key = "consent_made_up"

    page = hand_over(client, site.proof())

    assert "That page was open for too long" in page
    assert state(see(client), "analytics").startswith("Allowed by you")


def test_once_the_key_is_revoked_the_page_shows_nothing_of_the_account(client, site):
    record(client, {"analytics": "granted"}, secret=site.proof())
    hand_over(client, site.proof())
    apikeys.revoke(site.runtime, site.key.id)

    answer = client.get(PAGE, follow_redirects=True)

    assert answer.status_code == 200
    assert state(answer.text, "analytics") == "Not allowed: you have not decided."


def test_on_the_sites_own_host_an_accounts_answer_is_left_to_the_script(client, site):
    """Only the script sees that somebody logged out, and takes it away again."""
    home = "http://localhost"
    publish(site.runtime, make_notice(origins=[ORIGIN, home]))

    answer = record_from(client, home, site.proof())

    assert answer.status_code == 201
    assert answer.headers.getlist("Set-Cookie") == []


def record_from(client, origin, secret):
    sent = body({"analytics": "granted"}, notice=2, secret=secret)
    return post(client, "records", sent, origin=origin)
