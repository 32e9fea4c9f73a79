import pytest
from playwright.sync_api import expect

from tests.browser.appearance import NO_LOOK
from tests.browser.page import ENGLISH, GERMAN

pytestmark = pytest.mark.browser

WIDTHS = [320, 481, 1280]
STYLE = """(button, noLook) => Object.fromEntries(
  [...getComputedStyle(button)]
    .filter((name) => !name.match(noLook))
    .map((name) => [name, getComputedStyle(button)[name]]))"""
LAYOUT_UNIT = 1 / 64


@pytest.mark.parametrize(
    ("locale", "words"), [("en-US", ENGLISH), ("de-DE", GERMAN)], ids=["en", "de"]
)
def test_reject_and_accept_are_equal_in_size_and_look(new_visitor, locale, words):
    shop = new_visitor(locale=locale).visit_shop(words=words)

    for layer in (shop.banner, shop.dialog):
        for width in WIDTHS:
            shop.page.set_viewport_size({"width": width, "height": 800})
            assert_equal_choices(layer)
        shop.banner.settings.press("Enter")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_they_are_equal_by_day_and_by_night(new_visitor, scheme):
    shop = new_visitor(color_scheme=scheme).visit_shop()

    assert_equal_choices(shop.banner)


def test_reject_comes_first_in_the_same_layer(shop):
    names = shop.banner.root.get_by_role("button").all_text_contents()

    assert names == ["Reject all", "Accept all", "Settings"]


def test_a_page_cannot_make_one_of_them_look_easier(visitor):
    """Not even by way of the properties that themes are made of."""
    site = visitor.visit_site("other", f"<style>{UNEQUAL}</style>")

    assert_equal_choices(site.banner)


UNEQUAL = """
  [name="reject"] {
    --button: transparent; --button-ink: #999; --radius: 0;
    --consent-button: transparent; --consent-button-ink: #999; --consent-font: cursive;
    background: none !important; color: #999 !important; font-size: 8px !important;
  }
  [name="accept"] { padding: 40px !important; outline: 9px solid lime !important; }
"""


def test_the_switches_are_off_until_the_visitor_turns_them_on(shop):
    shop.banner.settings.click()

    switches = shop.dialog.root.get_by_role("switch")

    expect(switches).to_have_count(3)
    for switch in switches.all():
        expect(switch).not_to_be_checked()


def assert_equal_choices(layer):
    """Check that both ways out are the same button, but for its place and its words."""
    reject, accept = (
        (button.bounding_box(), button.evaluate(STYLE, NO_LOOK))
        for button in (layer.reject, layer.accept)
    )
    for side in ("width", "height"):
        assert reject[0][side] == pytest.approx(accept[0][side], abs=LAYOUT_UNIT)
    assert differing(reject[1], accept[1]) == {}


def differing(one, other):
    """Return the properties that differ, with both values."""
    return {name: (one[name], other[name]) for name in one if one[name] != other[name]}
