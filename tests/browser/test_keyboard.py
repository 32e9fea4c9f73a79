import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

MOST_TABS = 8


def test_the_buttons_are_reached_by_tab_and_enter_rejects(shop):
    tab_to(shop.page, shop.banner.reject)

    shop.page.keyboard.press("Enter")

    shop.wait_until_recorded()
    expect(shop.banner.reopen).to_be_focused()
    assert shop.send_event_anyway() == "HELD refused"


def test_reject_is_reached_before_accept(shop):
    tab_to(shop.page, shop.banner.reject)

    shop.page.keyboard.press("Tab")

    expect(shop.banner.accept).to_be_focused()


def test_escape_closes_the_dialog_and_gives_the_focus_back(shop):
    tab_to(shop.page, shop.banner.settings)
    shop.page.keyboard.press("Enter")
    expect(shop.dialog.root).to_be_visible()

    shop.page.keyboard.press("Escape")

    expect(shop.dialog.root).to_be_hidden()
    expect(shop.banner.settings).to_be_focused()


def test_escape_gives_the_focus_back_to_the_folded_banner(shop):
    shop.reject()
    shop.banner.reopen.press("Enter")
    expect(shop.dialog.root).to_be_visible()

    shop.page.keyboard.press("Escape")

    expect(shop.dialog.root).to_be_hidden()
    expect(shop.banner.reopen).to_be_focused()


def test_the_dialog_is_worked_by_keys_alone(shop):
    tab_to(shop.page, shop.banner.settings)
    shop.page.keyboard.press("Enter")
    expect(shop.dialog.root).to_be_visible()

    tab_to(shop.page, shop.dialog.switch("Analytics"))
    shop.page.keyboard.press("Space")
    tab_to(shop.page, shop.dialog.save)
    shop.page.keyboard.press("Enter")

    shop.wait_until_recorded()
    expect(shop.banner.reopen).to_be_focused()
    assert shop.allows("analytics")
    assert not shop.allows("marketing")


def test_the_focus_stays_in_the_dialog_while_it_is_open(shop):
    shop.banner.settings.press("Enter")
    expect(shop.dialog.root).to_be_visible()

    for _ in range(2 * MOST_TABS):
        shop.page.keyboard.press("Tab")

        # What has the focus inside a shadow root shows as its host.
        assert shop.page.evaluate("document.activeElement.localName") in {
            "consent-banner",
            "body",
        }


def test_the_banner_takes_no_focus_by_itself(shop):
    assert shop.page.evaluate("document.activeElement === document.body")


def tab_to(page, target):
    """Press Tab until something has the focus; fail if it takes too long."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if target.evaluate("(it) => it.matches(':focus')"):
            return
    expect(target).to_be_focused()
