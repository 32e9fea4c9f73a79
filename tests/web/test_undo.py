"""An act is undone by another, which puts back what stood before."""

import pytest

from consent.domain.vocabulary import Decision
from tests.factories import SECRET
from tests.web.asking import record, size, verdict
from tests.web.filling import (
    HERE,
    PAGE,
    decide,
    decide_vendor,
    fields,
    hand_over,
    see,
    state,
    submit,
)

UNDO = f"{PAGE}/undo"


def newest(shop):
    return shop.ledger("shop").record(size(shop) - 1)


def decided(record):
    return {name: str(made.decision) for name, made in record.decisions.items()}


def test_undoing_a_grant_takes_it_back_by_a_record_of_its_own(client, shop):
    page = decide(client, "analytics", "granted")

    undone = submit(client, UNDO, page)

    assert "Recorded as number 2." in undone
    assert state(undone, "analytics").startswith("Not allowed: you said no on ")
    assert size(shop) == 3
    assert newest(shop).layout == "undo"
    assert newest(shop).action == "withdrawn"


def test_undoing_the_undoing_is_as_easy(client):
    page = submit(client, UNDO, decide(client, "analytics", "granted"))

    again = submit(client, UNDO, page)

    assert state(again, "analytics").startswith("Allowed by you on ")


def test_undoing_a_withdrawal_brings_back_what_was_allowed_and_no_more(client, shop):
    decide(client, "marketing", "granted")
    decide_vendor(client, "marketing", "ads", "refused")
    decide_vendor(client, "analytics", "matomo", "granted")
    page = submit(client, f"{PAGE}/withdraw")
    assert "Nothing is allowed now" in page

    undone = submit(client, UNDO, page)

    assert decided(newest(shop)) == {
        "analytics": "refused",
        "analytics:matomo": "granted",
        "marketing": "granted",
        "marketing:ads": "refused",
        "audience": "granted",
    }
    assert "Allowed now: Matomo, marketing title, and audience title" in undone


def test_a_vendor_allowed_alone_stays_so_when_its_purpose_is_put_back(client, shop):
    decide_vendor(client, "marketing", "maps", "granted")
    page = decide(client, "marketing", "granted")

    submit(client, UNDO, page)

    assert decided(newest(shop))["marketing"] == "refused"
    assert decided(newest(shop))["marketing:maps"] == "granted"


@pytest.mark.parametrize("decision", ["granted", "refused"])
def test_a_decision_on_one_vendor_is_undone_alone(client, shop, decision):
    other = {"granted": "refused", "refused": "granted"}[decision]
    decide(client, "marketing", other)
    decide(client, "analytics", "granted")
    page = decide_vendor(client, "marketing", "maps", decision)

    submit(client, UNDO, page)

    made = newest(shop).decisions
    assert made["marketing:maps"].decision == other
    assert {
        name for name, one in made.items() if one.number == newest(shop).number
    } == {"marketing:maps"}


def test_undoing_an_objection_allows_again(client):
    """It needs a secret, as saying yes always does."""
    page = decide(client, "audience", "objected")

    undone = submit(client, UNDO, page)

    assert state(undone, "audience").startswith("Allowed by you on ")


def test_it_counts_where_the_token_is(client):
    record(client, {"analytics": "granted"})
    hand_over(client, SECRET)
    page = submit(client, f"{PAGE}/withdraw")

    submit(client, UNDO, page)

    token = record(client, {"marketing": "refused"}, after=4)["token"]
    assert verdict(client, "analytics", token) == (200, "granted")


def test_what_changed_nothing_is_not_undone(client):
    assert UNDO not in decide(client, "analytics", "refused")
    decide(client, "analytics", "granted")
    assert UNDO not in decide(client, "analytics", "granted")


def test_the_offer_is_for_the_act_just_done(client):
    decide(client, "analytics", "granted")

    assert UNDO not in see(client)


def test_a_page_open_for_too_long_keeps_what_was_to_be_undone(client, shop):
    page = decide(client, "analytics", "granted")
    sent = fields(page, UNDO) | {"csrf_token": "old"}

    answer = client.post(UNDO, data=sent, headers=HERE)
    undone = submit(client, UNDO, answer.text)

    assert answer.status_code == 400
    assert ">Undo</button>" in " ".join(answer.text.split()).replace("> ", ">")
    assert state(undone, "analytics").startswith("Not allowed: you said no on ")


@pytest.mark.parametrize(
    "put_back",
    ["", "{", "[]", '{"analytics": "maybe"}', '{"telepathy": "granted"}', "{}"],
)
def test_a_damaged_form_undoes_nothing(client, shop, put_back):
    page = decide(client, "analytics", "granted")
    sent = fields(page, UNDO) | {"put_back": put_back}

    answer = client.post(UNDO, data=sent, headers=HERE)

    assert answer.status_code == 422
    assert newest(shop).decisions["analytics"].decision is Decision.GRANTED
