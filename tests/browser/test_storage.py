from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.page import eventually
from tests.browser.sites import WIDE_DOMAIN, WIDE_HOSTS
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


def test_on_https_the_cookies_are_secure_and_shared_by_the_hosts_of_their_domain(
    visitor,
):
    here, there = WIDE_HOSTS
    one = visitor.visit_on_https("wide", here)

    one.accept()
    other = visitor.visit_on_https("wide", there)

    expect(other.banner.reopen).to_be_visible()
    assert other.token() == one.token()
    cookies = visitor.context.cookies()
    assert {cookie["name"] for cookie in cookies} == {
        "consent_wide",
        "consent_wide_secret",
    }
    assert {cookie["domain"] for cookie in cookies} == {f".{WIDE_DOMAIN}"}
    assert all(cookie["secure"] for cookie in cookies)


def test_a_second_cookie_of_the_same_name_is_cleaned_up(visitor):
    """It may be left from before the site had a cookie domain."""
    here, _ = WIDE_HOSTS
    site = visitor.visit_on_https("wide", here)
    site.accept()
    (token,) = [c for c in visitor.context.cookies() if c["name"] == "consent_wide"]
    visitor.context.add_cookies([token | {"domain": here, "value": "pending"}])

    site.page.reload()

    eventually(lambda: values_of("consent_wide", visitor), [token["value"]].__eq__)
    expect(site.banner.reopen).to_be_visible()
    assert site.allows("analytics")


def values_of(name, visitor):
    """Return the values of every cookie of this name."""
    return [c["value"] for c in visitor.context.cookies() if c["name"] == name]
