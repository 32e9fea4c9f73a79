import pytest
from playwright.sync_api import expect

from tests.browser.page import eventually, words_of

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 568}
# What is left of a desktop window at a zoom of 400 % (WCAG 1.4.10).
ZOOMED = {"width": 320, "height": 256}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def shop(new_visitor):
    """Open the shop on a small phone."""
    return new_visitor(viewport=PHONE).visit_shop()


def test_the_banner_fits(shop):
    assert_no_sideways_scroll(shop.page)
    for target in targets(shop.banner):
        assert_within_reach(shop.page, target)


def test_the_dialog_fits(shop):
    shop.banner.settings.click()
    expect(shop.dialog.root).to_be_visible()

    assert_no_sideways_scroll(shop.page)
    for button in shop.dialog.root.get_by_role("button").all():
        assert_within_reach(shop.page, button)
    for switch in shop.dialog.root.get_by_role("switch").all():
        switch.scroll_into_view_if_needed()
        assert_within_reach(shop.page, switch)


@pytest.mark.parametrize(("name", "lang"), [("arabic", "ar"), ("japanese", "ja")])
def test_in_other_scripts_both_fit(new_visitor, name, lang):
    visitor = new_visitor(viewport=PHONE)

    site = visitor.visit_site(name, words=words_of(lang))

    assert_no_sideways_scroll(site.page)
    for target in targets(site.banner):
        assert_within_reach(site.page, target)
    site.banner.settings.click()
    expect(site.dialog.root).to_be_visible()
    assert_no_sideways_scroll(site.page)
    for button in site.dialog.root.get_by_role("button").all():
        assert_within_reach(site.page, button)


def test_the_folded_banner_fits(shop):
    shop.reject()

    assert_no_sideways_scroll(shop.page)
    assert_within_reach(shop.page, shop.banner.reopen)


@pytest.mark.parametrize("layer", ["banner", "dialog"])
def test_at_high_zoom_the_wheel_reaches_every_button(new_visitor, layer):
    shop = new_visitor(viewport=ZOOMED).visit_shop()
    if layer == "dialog":
        shop.banner.settings.press("Enter")
        expect(shop.dialog.root).to_be_visible()
    root, reject = getattr(shop, layer).root, getattr(shop, layer).reject
    # Not over a part that scrolls by itself: it would take the wheel for its own.
    reject.hover()

    for button in root.get_by_role("button").all():
        eventually(lambda button=button: has_scrolled_to(shop.page, button))
        assert_within_reach(shop.page, button)


def test_the_preference_center_fits(new_visitor):
    center = new_visitor(viewport=PHONE).visit_center()
    for summary in center.page.locator("summary").all():
        summary.click()

    assert_no_sideways_scroll(center.page)
    for button in center.page.get_by_role("button").all():
        button.scroll_into_view_if_needed()
        assert_within_reach(center.page, button)


def test_every_button_is_large_enough_for_a_finger(shop):
    for button in shop.banner.root.get_by_role("button").all():
        assert button.bounding_box()["height"] >= 44


def targets(layer):
    """Return the buttons and links of a layer."""
    return [
        target
        for role in ("button", "link")
        for target in layer.root.get_by_role(role).all()
    ]


def has_scrolled_to(page, target):
    """Tell whether something is in view; if not, turn the wheel towards it."""
    box = target.bounding_box()
    if box["y"] >= 0 and box["y"] + box["height"] <= page.viewport_size["height"]:
        return True
    page.mouse.wheel(0, 40 if box["y"] > 0 else -40)
    return False


def assert_no_sideways_scroll(page):
    assert page.evaluate(OVERFLOW) == 0


def assert_within_reach(page, target):
    """Check that something lies within the window, and nothing lies on top of it."""
    box, window = target.bounding_box(), page.viewport_size
    name = target.text_content()
    assert box["x"] >= 0, name
    assert box["y"] >= 0, name
    assert box["x"] + box["width"] <= window["width"], name
    assert box["y"] + box["height"] <= window["height"], name
    target.click(trial=True)
