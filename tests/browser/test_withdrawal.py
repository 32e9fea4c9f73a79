import pytest
from playwright.sync_api import expect

from tests.browser.page import STOPPED, Center, eventually

pytestmark = pytest.mark.browser

NO_LONGER = {(403, "withdrawn"), (403, "superseded")}


def test_a_withdrawal_in_the_preference_center_counts_at_once_and_in_the_shop(
    town, shop
):
    shop.accept()
    token = shop.token()
    assert town.verdict(token) == (200, "granted")

    center = shop.follow_to_center()
    center.withdraw.click()
    expect(center.said).to_contain_text("Recorded as number")

    eventually(lambda: town.verdict(token), NO_LONGER.__contains__)
    back = center.go_back_to_shop()
    eventually(back.token, lambda newest: newest not in {None, token})
    assert not back.allows("analytics")
    assert back.send_event_anyway() == "HELD refused"


def test_back_in_the_shop_no_tag_runs_on_what_was_allowed_before(shop):
    """A tag that asks no gateway must not run once more on the old answer."""
    shop.accept()

    center = shop.follow_to_center()
    center.withdraw.click()
    expect(center.said).to_contain_text("Recorded as number")
    back = center.go_back_to_shop()

    assert back.send_event_anyway() in STOPPED
    expect(back.happened).to_have_count(1)


def test_a_withdrawal_counts_in_a_tab_that_is_opened_afterwards(visitor, shop):
    """Few go back by the link: the shop was left, and is visited again later."""
    shop.accept()
    center = shop.follow_to_center()
    center.withdraw.click()
    expect(center.said).to_contain_text("Recorded as number")
    center.page.close()

    later = visitor.visit_shop()

    eventually(lambda: not later.allows("analytics"))


def test_a_withdrawal_in_another_tab_counts_when_the_visitor_returns(visitor, shop):
    shop.accept()
    shop.open_dialog()
    with visitor.context.expect_page() as opened:
        shop.dialog.preferences.click(modifiers=["ControlOrMeta"])
    center = Center(opened.value)
    center.withdraw.click()
    expect(center.said).to_contain_text("Recorded as number")
    center.page.close()

    shop.come_back()

    eventually(lambda: not shop.allows("analytics"))


def test_the_secret_leaves_the_address_and_the_history(visitor, shop):
    shop.accept()
    secret = visitor.cookies()["consent_hummingbytes_secret"]

    center = shop.follow_to_center()

    places = center.page.evaluate("navigation.entries().map(({ url }) => url)")
    assert "#" not in center.page.url
    assert not [place for place in places if secret in place]


def test_the_preference_center_shows_what_the_banner_recorded(shop):
    shop.banner.settings.click()
    shop.dialog.switch("Analytics").check()
    shop.dialog.save.click()
    shop.wait_until_recorded()

    center = shop.follow_to_center()

    expect(center.summary).to_have_text("Allowed now: Analytics")
    expect(center.state("analytics")).to_contain_text("Allowed by you on")
    expect(center.state("marketing")).to_contain_text("Not allowed")


def test_withdrawing_from_the_page_itself_needs_one_call(town, shop):
    shop.accept()
    token = shop.token()

    shop.page.evaluate("window.consent.withdraw()")

    eventually(lambda: town.verdict(token), NO_LONGER.__contains__)
    shop.wait_until_recorded()
    assert not shop.allows("analytics")
    assert shop.send_event_anyway() == "HELD refused"


def test_what_was_accepted_is_rejected_again_in_the_dialog(town, shop):
    shop.accept()
    token = shop.token()

    shop.change("Reject all")

    eventually(lambda: town.verdict(token), NO_LONGER.__contains__)
    assert shop.send_event_anyway() == "HELD refused"


def test_a_grant_made_in_the_preference_center_arrives_in_the_shop(shop):
    """Who refused holds no secret until then; the link brings one along."""
    shop.reject()

    center = shop.follow_to_center()
    center.answer("Analytics", "Allow").click()
    expect(center.said).to_contain_text("Recorded as number")

    back = center.go_back_to_shop()
    eventually(lambda: back.allows("analytics"))
    assert back.send_event_anyway() == "FIRED granted"


def test_a_site_that_asks_for_it_is_loaded_anew_once_something_is_taken_back(visitor):
    site = visitor.visit_site("reloading")
    site.accept()
    assert visitor.page_loads() == ["/"]

    with site.page.expect_navigation():
        site.page.evaluate("consent.withdraw()")

    eventually(lambda: site.token() and not site.allows("analytics"))
    assert visitor.page_loads() == ["/", "/"]


def test_a_site_that_does_not_ask_for_it_stays_as_it_is(visitor):
    site = visitor.visit_site("embeds")
    site.accept()
    before = site.token()

    site.page.evaluate("consent.withdraw()")

    eventually(lambda: site.token() not in {None, before})
    assert visitor.page_loads() == ["/"]
