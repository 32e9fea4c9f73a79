import pytest
from playwright.sync_api import expect

from tests.browser.page import Center

pytestmark = pytest.mark.browser

# A small phone, and what is left of a desktop window zoomed to 400 % (WCAG 1.4.10).
SIZES = [(320, 568), (320, 256)]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(params=SIZES, ids=lambda size: "{}x{}".format(*size))
def small(request, new_visitor):
    """Return a visitor with a small screen."""
    width, height = request.param
    return new_visitor(viewport={"width": width, "height": height})


def test_the_banner_fits(small):
    shop = small.visit_shop()

    assert_fits(shop.page, shop.banner.root.get_by_role("button"))
    assert_fits(shop.page, shop.banner.root.get_by_role("link"))


def test_the_dialog_fits(small):
    shop = small.visit_shop()

    shop.banner.settings.click()

    assert_fits(shop.page, shop.dialog.root.get_by_role("button"))
    for switch in shop.dialog.root.get_by_role("switch").all():
        switch.scroll_into_view_if_needed()
        assert_inside(shop.page, switch)


def test_the_folded_banner_fits(small):
    shop = small.visit_shop()

    shop.reject()

    assert_fits(shop.page, shop.banner.reopen)


def test_the_preference_center_fits(small):
    center = small.visit_center()
    expect(center.withdraw).to_be_visible()
    for summary in center.page.locator("summary").all():
        summary.click()

    assert center.page.evaluate(OVERFLOW) == 0
    for button in center.page.get_by_role("button").all():
        button.scroll_into_view_if_needed()
        assert_inside(center.page, button)


def test_every_target_is_large_enough_for_a_finger(small):
    shop = small.visit_shop()

    for button in shop.banner.root.get_by_role("button").all():
        assert button.bounding_box()["height"] >= 44


def assert_fits(page, targets):
    """Check that nothing scrolls sideways and that every target can be pressed."""
    assert page.evaluate(OVERFLOW) == 0
    expect(targets.first).to_be_visible()
    for target in targets.all():
        assert_inside(page, target)


def assert_inside(page, target):
    """Check that something lies within the window, and nothing lies on top of it."""
    box, window = target.bounding_box(), page.viewport_size
    name = target.text_content()
    assert box["x"] >= 0, name
    assert box["y"] >= 0, name
    assert box["x"] + box["width"] <= window["width"], name
    assert box["y"] + box["height"] <= window["height"], name
    target.click(trial=True)
