"""Every layout in every theme, width and direction: measured, and kept to look at."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.appearance import ARRANGEMENTS, measured, publish_dressed

pytestmark = pytest.mark.browser

SHOTS = Path(__file__).parents[2] / "test-artifacts" / "banner"
SCHEMES = ["light", "dark"]
SIZES = [(320, 720), (768, 800), (1280, 800)]
TEXT = "Growing tomatoes on a balcony takes patience and an eye for the light. " * 3
DIRECTIONS = {"ltr": "de-DE", "rtl": "ar"}
HEAD = """
  <meta name="viewport" content="width=device-width">
  <meta name="color-scheme" content="light dark">
  <style>
    body { max-width: 44em; margin: 2em auto; padding: 0 1em; font: 17px/1.6 serif }
  </style>
"""
BODY = f"<h1>Tomatoes on the balcony</h1>{f'<p>{TEXT}</p>' * 3}"
in_both_directions = pytest.mark.parametrize("direction", DIRECTIONS)


@pytest.fixture
def come(new_visitor):
    """Return a function that opens a page of a site, in a language of a direction."""

    def opened(site, direction="ltr", **options):
        visitor = new_visitor(
            locale=DIRECTIONS[direction], reduced_motion="reduce", **options
        )
        page = visitor.context.new_page()
        script = f"{town_address(visitor)}/{site}/banner.js"
        tag = f'<script src="{script}" async></script>'
        page.goto(visitor.town.open_site(site, HEAD + tag, BODY))
        page.locator("consent-banner button").first.wait_for()
        return page

    return opened


def town_address(visitor):
    return visitor.town.places.service.address


def name_of(arrangement):
    layout, position = arrangement
    return f"{layout}-{position}" if position else str(layout)


@pytest.mark.parametrize("arrangement", ARRANGEMENTS, ids=name_of)
def test_every_layout_is_in_its_place_fits_and_is_fair(ledger, town, come, arrangement):
    layout, position = arrangement
    site = publish_dressed(ledger, town, layout=layout, position=position)

    for direction in DIRECTIONS:
        page = come(site, direction)
        for scheme, size in every_view():
            look_at(page, scheme, size)
            file = f"{name_of(arrangement)}-{scheme}-{size[0]}-{direction}.png"
            page.screenshot(path=SHOTS / file)
            found = measured(page, "banner")
            assert_fits_and_is_fair(found)
        assert_in_place(found, arrangement, direction)


@in_both_directions
def test_the_dialog_fits_and_is_fair(ledger, town, come, direction):
    page = come(publish_dressed(ledger, town), direction)
    page.locator("button[name=settings]").click()
    expect(page.get_by_role("dialog")).to_be_visible()

    for scheme, size in every_view():
        look_at(page, scheme, size)
        page.screenshot(path=SHOTS / f"dialog-{scheme}-{size[0]}-{direction}.png")
        assert_fits_and_is_fair(measured(page, "dialog"))


@pytest.mark.parametrize("theme", SCHEMES)
def test_a_fixed_theme_is_the_same_for_everyone(ledger, town, come, theme):
    site = publish_dressed(ledger, town, theme=theme, light={"accent": "#6b2fb3"})
    other = "dark" if theme == "light" else "light"

    page = come(site, color_scheme=other)

    surface = {"light": "rgb(255, 255, 255)", "dark": "rgb(26, 32, 39)"}[theme]
    accent = {"light": "rgb(107, 47, 179)", "dark": "rgb(125, 184, 245)"}[theme]
    assert css(page, ".box", "backgroundColor") == surface
    links = page.locator("consent-banner > a")
    expect(links.first).to_have_css("color", accent)


def test_the_colours_of_a_site_are_seen_in_the_banner_and_the_dialog(
    ledger, town, come
):
    colours = {"surface": "#fffaf0", "button": "#3d1a66"}
    site = publish_dressed(
        ledger, town, light=colours, radius=3, font="'No Such Font', serif"
    )
    page = come(site)
    page.locator("button[name=settings]").click()
    expect(page.get_by_role("dialog")).to_be_visible()

    for layer in (".box", ".dialog"):
        assert css(page, layer, "backgroundColor") == "rgb(255, 250, 240)"
        assert css(page, layer, "borderRadius") == "3px"
        assert css(page, layer, "fontFamily") == '"No Such Font", serif'
    assert css(page, ".button", "backgroundColor") == "rgb(61, 26, 102)"


def test_more_contrast_makes_lesser_texts_as_dark_as_the_others(come, ledger, town):
    page = come(publish_dressed(ledger, town), contrast="more")

    facts = page.locator(".consent-banner__facts")

    expect(facts).to_have_css("color", css(page, ".box", "color"))


def test_forced_colours_leave_edges_to_see(come, ledger, town):
    page = come(publish_dressed(ledger, town), forced_colors="active")

    assert css(page, ".box", "borderTopWidth") == "1px"


def every_view():
    return [(scheme, size) for size in SIZES for scheme in SCHEMES]


def look_at(page, scheme, size):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": size[0], "height": size[1]})


def css(page, selector, name):
    """Return a property of what is in the banner's own tree."""
    return page.locator("consent-banner").evaluate(
        """(host, [selector, name]) =>
          getComputedStyle(host.shadowRoot.querySelector(selector))[name]""",
        [selector, name],
    )


def assert_fits_and_is_fair(found):
    assert found["overflow"] <= 0
    assert found["clipped"] == []
    assert found["unequal"] == []
    for name, box in [("layer", found["box"]), *found["buttons"]]:
        assert_inside(box, found["window"], name)
    boxes = dict(found["buttons"])
    for name, box in boxes.items():
        assert min(box["width"], box["height"]) >= 24, name
    for side in ("width", "height"):
        assert boxes["reject"][side] == pytest.approx(boxes["accept"][side], abs=0.05)


def assert_in_place(found, arrangement, direction):
    layout, position = arrangement
    box, window = found["box"], found["window"]
    left, right = box["x"], window["width"] - box["x"] - box["width"]
    start, end = (left, right) if direction == "ltr" else (right, left)
    top, bottom = box["y"], window["height"] - box["y"] - box["height"]
    spaces = {"start": start, "end": end, "top": top, "bottom": bottom}
    edge = 0 if layout == "bar" else 16
    sides = set(position.split("-")) if position else set()
    for side in sides:
        assert spaces[side] == pytest.approx(edge, abs=1), side
    if not sides & {"start", "end"}:
        assert start == pytest.approx(end, abs=1)
    if not sides & {"top", "bottom"}:
        assert top == pytest.approx(bottom, abs=1)


def assert_inside(box, window, name):
    assert box["x"] >= 0, name
    assert box["y"] >= 0, name
    assert box["x"] + box["width"] <= window["width"] + 0.05, name
    assert box["y"] + box["height"] <= window["height"] + 0.05, name
