import pytest
from playwright.sync_api import expect

from tests.browser.page import eventually

pytestmark = pytest.mark.browser

PAUSE_MILLISECONDS = 200
"""So long would another tab take, at most, if nothing kept it from sending too."""
STORED = "JSON.stringify(Object.entries(localStorage).sort())"


@pytest.fixture
def tabs(visitor):
    """Open the shop in two tabs of one browser."""
    return visitor.visit_shop(), visitor.visit_shop()


def test_what_one_tab_was_told_the_other_knows_when_the_visitor_returns_to_it(tabs):
    one, other = tabs
    one.come_back()
    one.accept()

    other.come_back()

    other.wait_until_recorded()
    assert other.token() == one.token()
    assert other.verdict_on("The analytics tag") == "FIRED granted"


def test_and_after_a_reload(tabs):
    one, other = tabs
    one.come_back()
    one.reject()

    other.come_back()
    other.page.reload()

    expect(other.banner.reopen).to_be_visible()
    assert other.token() == one.token()


def test_of_two_answers_at_once_the_last_one_stands_in_both_tabs(tabs):
    one, other = tabs
    one.come_back()

    one.banner.accept.click()
    other.page.bring_to_front()
    other.banner.reject.click()

    other.wait_until_recorded()
    one.come_back()
    eventually(lambda: not one.allows("analytics"))
    assert one.token() == other.token()
    assert one.send_event_anyway() == "HELD refused"


def test_what_two_tabs_find_unsent_at_the_same_moment_is_sent_once(visitor, town, tabs):
    one, other = tabs
    visitor.lose_the_service()
    # It says so before it has tried, so that alone is not to be waited for.
    with one.page.expect_event("requestfailed", lambda one: "/records" in one.url):
        one.banner.reject.click()
    expect(one.banner.status).not_to_be_empty()
    # From lost to slow without a moment in between: whatever tries waits.
    waiting = visitor.delay_the_service()
    # A browser tells its tabs of what one has stored a moment later.
    eventually(lambda: other.page.evaluate(STORED) == one.page.evaluate(STORED))

    one.come_back()
    other.come_back()
    # Playwright tells of a request only while it is asked for something.
    eventually(lambda: other.page.wait_for_timeout(PAUSE_MILLISECONDS) or waiting)
    other.page.wait_for_timeout(PAUSE_MILLISECONDS)

    assert [route.request.method for route in waiting] == ["POST"]
    waiting[0].continue_()
    one.wait_until_recorded()
    other.wait_until_recorded()
    assert len(waiting) == 1


@pytest.fixture
def browsers(new_visitor):
    """Open the shop in two browsers that share what was accepted in the first."""
    here, there = new_visitor(), new_visitor()
    shop = here.visit_shop()
    shop.accept()
    there.context.add_cookies(here.context.cookies())
    return here, shop, there.visit_shop()


def accept_without_the_service(shop):
    shop.open_dialog()
    shop.dialog.accept.click()
    expect(shop.banner.status).not_to_be_empty()


def assert_the_no_said_elsewhere_holds(here, shop):
    here.find_the_service()
    shop.come_back()
    shop.wait_until_recorded()
    assert not shop.allows("analytics")
    assert shop.send_event_anyway() == "HELD refused"


def test_a_yes_that_waited_does_not_overturn_a_no_said_since(browsers):
    here, shop, elsewhere = browsers
    shop.change("Reject all")
    here.lose_the_service()
    accept_without_the_service(shop)

    elsewhere.change("Reject all")

    assert_the_no_said_elsewhere_holds(here, shop)


def test_a_dialog_left_open_does_not_give_again_what_another_tab_took_back(tabs):
    one, other = tabs
    one.come_back()
    one.banner.settings.click()
    one.dialog.switch("Analytics").check()
    one.dialog.save.click()
    one.wait_until_recorded()
    other.come_back()
    other.wait_until_recorded()
    other.open_dialog()
    one.come_back()
    one.change("Reject all")

    other.page.bring_to_front()
    other.dialog.switch("Convenience").check()
    other.dialog.save.click()

    eventually(lambda: other.allows("functional") and other.token())
    assert not other.allows("analytics")


def test_and_gives_nothing_at_all_if_it_is_saved_as_it_is(tabs):
    one, other = tabs
    one.come_back()
    one.accept()
    other.come_back()
    other.wait_until_recorded()
    other.open_dialog()
    one.come_back()
    one.change("Reject all")
    refused = one.token()

    other.page.bring_to_front()
    other.dialog.save.click()

    other.come_back()
    other.wait_until_recorded()
    assert other.token() == refused


def test_two_yeses_that_waited_do_not_overturn_a_no_said_since(browsers):
    here, shop, elsewhere = browsers
    here.lose_the_service()
    for _ in range(2):
        accept_without_the_service(shop)

    elsewhere.change("Reject all")

    assert_the_no_said_elsewhere_holds(here, shop)
