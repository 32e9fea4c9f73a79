from urllib.parse import urlsplit

import pytest

from tests.browser.page import eventually
from tests.browser.visitor import kept_by

pytestmark = pytest.mark.browser

DAY_SECONDS = 86_400


def test_visitors_who_refuse_everything_hold_the_same_cookies(new_visitor):
    visitors = [new_visitor(), new_visitor()]
    for visitor in visitors:
        visitor.visit_shop().reject()

    one, other = [visitor.cookies() for visitor in visitors]

    assert one == other
    assert [*one] == ["consent_hummingbytes"]


def test_who_refuses_leaves_nothing_outside_the_one_cookie(visitor, shop):
    shop.reject()

    assert kept_by(shop.page) == []
    assert [*visitor.cookies()] == ["consent_hummingbytes"]


def test_a_grant_brings_a_secret_that_no_other_visitor_has(new_visitor):
    visitors = [new_visitor(), new_visitor()]
    for visitor in visitors:
        visitor.visit_shop().accept()

    one, other = [visitor.cookies() for visitor in visitors]

    assert {*one} == {"consent_hummingbytes", "consent_hummingbytes_secret"}
    assert not {*one.values()} & {*other.values()}


def test_the_cookies_are_first_party_lax_and_last_400_days(visitor, town, shop):
    shop.accept()

    for cookie in visitor.context.cookies():
        assert cookie["domain"] == "shop.localhost"
        assert cookie["path"] == "/"
        assert cookie["sameSite"] == "Lax"
        left = cookie["expires"] - shop.page.evaluate("Date.now() / 1000")
        assert left == pytest.approx(400 * DAY_SECONDS, abs=60)


def test_each_visit_renews_the_cookies(visitor, shop):
    shop.accept()
    kept = visitor.context.cookies()
    soon = shop.page.evaluate("Date.now() / 1000 + 60")
    visitor.context.add_cookies([cookie | {"expires": soon} for cookie in kept])

    shop.page.reload()

    eventually(
        lambda: min(cookie["expires"] for cookie in visitor.context.cookies()),
        lambda expires: expires > soon + 399 * DAY_SECONDS,
    )


def test_another_site_shares_no_cookie_value(visitor, shop):
    shop.accept()
    visitor.visit_site("other").accept()

    by_host = {}
    for cookie in visitor.context.cookies():
        by_host.setdefault(cookie["domain"], {})[cookie["name"]] = cookie["value"]

    here, there = by_host["shop.localhost"], by_host["other.localhost"]
    assert {*there} == {"consent_other", "consent_other_secret"}
    assert not {*here.values()} & {*there.values()}


def test_the_secret_is_posted_to_nobody_but_the_service(visitor, town, shop):
    shop.accept()
    shop.send_event_anyway()
    secret = visitor.cookies()["consent_hummingbytes_secret"]

    told = {urlsplit(request.url).netloc for request in visitor.requests_with(secret)}

    assert told == {urlsplit(town.places.service.address).netloc}
