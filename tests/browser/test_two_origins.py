"""The preference center on another origin, in a browser without third-party cookies."""

import pytest
from playwright.sync_api import expect

from consent.domain.tokens import Token, unsigned
from tests.browser.page import STOPPED, Center, Shop, eventually

pytestmark = pytest.mark.browser

SET_AND_READ = "(document.cookie = 'seen=1; SameSite=None; Secure', document.cookie)"

FORGED = unsigned(
    Token(
        site="hummingbytes",
        number=None,
        notice=1,
        allowed=2**16 - 1,
        exceptions=(),
        gpc=False,
        issued=0,
        expires=2**40,
    )
)


def test_third_party_cookies_are_blocked_in_this_browser(visitor, town):
    """Else the tests below would show nothing."""
    inner = town.open_site("third", "")
    outer = town.open_site("outer", "", f'<iframe src="{inner}"></iframe>')
    page = visitor.context.new_page()
    page.goto(outer)

    assert page.frames[-1].evaluate(SET_AND_READ) == ""
    page.goto(inner)
    assert page.evaluate(SET_AND_READ) == "seen=1"


def test_a_change_in_the_center_is_picked_up_on_return(visitor, shop):
    shop.accept()
    assert shop.send_event_anyway() == "FIRED granted"
    center = shop.follow_to_center()
    expect(center.state("analytics")).to_contain_text("Allowed by you on")

    center.answer("Analytics", "Do not allow").click()
    expect(center.said).to_contain_text("Recorded as number")
    back = center.go_back_to_shop()

    assert back.send_event_anyway() in STOPPED
    eventually(lambda: back.send_event_anyway() == "HELD refused")
    eventually(lambda: back.allows("marketing"))


def test_a_grant_in_the_center_is_picked_up_on_return(visitor, shop):
    center = leave_by_the_banner(shop)

    center.answer("Analytics", "Allow").click()
    expect(center.said).to_contain_text("Recorded as number")
    back = center.go_back_to_shop()

    expect(back.banner.reopen).to_be_visible()
    assert back.send_event_anyway() == "FIRED granted"


def test_a_no_that_names_nobody_reaches_the_page_by_the_way_back(visitor, shop, town):
    center = leave_by_the_banner(shop)
    before = town.mark()

    center.answer("Analytics", "Do not allow").click()
    expect(center.said).to_contain_text("A no needs no identifier")
    back = center.go_back_to_shop()

    expect(back.banner.reopen).to_be_visible()
    expect(back.page).to_have_url(f"{town.places.shop.address}/")
    assert set(visitor.cookies()) == {"consent_hummingbytes"}
    assert back.send_event_anyway() == "HELD refused"
    # Said once, recorded once.
    assert town.records_after(before) == [before + 1]


def test_the_no_is_there_in_a_new_tab_too(visitor, shop):
    center = leave_by_the_banner(shop)
    center.answer("Analytics", "Do not allow").click()
    expect(center.said).to_contain_text("A no needs no identifier")

    with visitor.context.expect_page() as opened:
        center.back.click(button="middle")
    back = Shop(opened.value)

    expect(back.banner.reopen).to_be_visible()
    assert back.send_event_anyway() == "HELD refused"


def test_a_link_from_elsewhere_can_refuse_and_never_allow(visitor, town, shop):
    shop.accept()
    number = town.mark()
    token = shop.token()

    shop.page.goto("about:blank")
    shop.page.goto(f"{town.places.shop.address}/#consent={token}")
    shop.banner.reopen.wait_for()

    assert shop.token() == token
    assert town.records_after(number) == []


def test_a_forged_token_in_a_link_allows_nothing(visitor, town):
    page = visitor.context.new_page()

    with page.expect_response("**/head") as answered:
        page.goto(f"{town.places.shop.address}/#consent={FORGED}")

    assert answered.value.status == 403
    assert_nothing_was_taken(visitor, Shop(page))


def test_what_somebody_else_allowed_is_not_taken_from_a_link(
    visitor, town, new_visitor
):
    somebody = new_visitor().visit_shop()
    somebody.accept()
    page = visitor.context.new_page()

    page.goto(f"{town.places.shop.address}/#consent={somebody.token()}")

    assert_nothing_was_taken(visitor, Shop(page))


def test_the_strictest_policy_of_a_page_lets_a_no_be_taken(visitor, town):
    service = town.places.service.address
    banner = f'<script src="{service}/other/banner.js" nonce="n" async></script>'
    policy = f"script-src 'nonce-n'; connect-src {service}; trusted-types consent"
    headers = {
        "Content-Security-Policy": f"{policy}; require-trusted-types-for 'script'"
    }
    address = town.open_site("other", banner, headers=headers)
    page = visitor.context.new_page()

    with page.expect_response("**/static/return.js"):
        page.goto(f"{address}#consent={FORGED}")
    expect(page).to_have_url(address)

    assert visitor.errors == []


def assert_nothing_was_taken(visitor, shop):
    """Check that a link did nothing but leave the address."""
    expect(shop.page).to_have_url(f"{visitor.town.places.shop.address}/")
    expect(shop.banner.reject).to_be_visible()
    assert visitor.cookies() == {}
    assert not shop.allows("analytics")


def leave_by_the_banner(shop):
    """Follow the banner's link to the preference center before any choice."""
    shop.banner.preferences.click()
    center = Center(shop.page)
    expect(center.back).to_be_visible()
    center.wait_for_hand_over()
    return center
