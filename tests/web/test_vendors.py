"""One vendor may be allowed or not, whatever its purpose is."""

import re

import pytest

from consent.services.notices import publish
from tests.factories import SECRET, make_notice, site_file, vendor
from tests.web.asking import post, record, size
from tests.web.filling import (
    HERE,
    PAGE,
    decide,
    decide_vendor,
    fields,
    hand_over,
    see,
    state,
)


def check(client, purpose, vendor):
    token = post(client, "head", {"secret": SECRET}).json["token"]
    address = f"/v1/shop/check/{purpose}?vendor={vendor}"
    return client.get(address, headers={"Consent-Token": token}).status_code


@pytest.fixture
def known(client):
    """Come from the shop as somebody who allowed marketing and nothing else."""
    record(client, {"marketing": "granted", "analytics": "refused"})
    hand_over(client, SECRET)
    return client


@pytest.fixture
def audience(app):
    """Let a vendor act for what is allowed until somebody objects."""
    vendors = [*site_file()["vendors"], vendor("counter", "audience")]
    publish(app.extensions["consent"], make_notice(vendors=vendors))


def test_one_vendor_of_an_allowed_purpose_is_refused(known):
    page = decide_vendor(known, "marketing", "maps", "refused")

    assert state(page, "marketing") == "Allowed by you, except for some services."
    assert "Not allowed as an exception" in page
    assert check(known, "marketing", "maps") == 403
    assert check(known, "marketing", "ads") == 200


def test_one_vendor_of_a_refused_purpose_is_allowed_and_told(known):
    page = decide_vendor(known, "analytics", "matomo", "granted")

    assert "Allowed now: Matomo, marketing title, and audience title" in page
    assert check(known, "analytics", "matomo") == 200


def test_what_was_pressed_is_shown_without_a_script(known):
    page = decide_vendor(known, "marketing", "maps", "refused")

    assert '<details class="vendors" id="vendors-marketing" open>' in page
    assert page.count(" open>") == 1


def test_refusing_one_is_as_easy_as_allowing_it(known):
    page = see(known)

    for value, name in (("refused", "no"), ("granted", "yes")):
        button = rf'class="answers__button" id="{name}-marketing-maps"'
        assert re.search(rf'{button} name="decision" value="{value}"', page)


def test_a_no_to_a_vendor_of_what_was_off_anyway_leaves_nothing(client, shop):
    page = decide_vendor(client, "analytics", "matomo", "refused")

    assert size(shop) == 2
    assert shop.ledger("shop").record(1).subject is None
    assert state(page, "analytics") == "Not allowed: you have not decided."
    assert "You said no" not in page


@pytest.mark.parametrize(
    ("purpose", "vendor"),
    [("marketing", "matomo"), ("marketing", "nobody"), ("necessary", "stripe")],
)
def test_nobody_decides_about_what_the_notice_does_not_have(
    client, shop, purpose, vendor
):
    sent = fields(see(client), f"{PAGE}/marketing") | {"decision": "granted"}

    address = f"{PAGE}/{purpose}/vendors/{vendor}"
    answer = client.post(address, data=sent, headers=HERE)

    assert answer.status_code == 422
    assert size(shop) == 1


def test_a_vendor_of_what_is_allowed_unasked_is_no_choice_without_a_subject(
    client, audience
):
    """Nobody's no is about whole purposes: their token names no vendor."""
    before = see(client)
    after = decide(client, "analytics", "granted")

    assert "no-audience-counter" not in before
    assert "no-audience-counter" in after
