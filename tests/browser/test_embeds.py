"""Frames, images and backgrounds that wait, and what stands in for them."""

import pytest
from playwright.sync_api import expect

from tests.browser.page import eventually

pytestmark = pytest.mark.browser

TUBE = "https://tube.example"
FRAME = (
    '<iframe data-consent="marketing:tube" data-src="https://tube.example/film"'
    ' title="Film" width="400" height="225"></iframe><p id="below">Below</p>'
)
PICTURE = (
    '<img data-consent="marketing" data-src="https://tube.example/a.png"'
    ' srcset="" alt="A map" width="300" height="200">'
)
PIXEL = (
    '<img data-consent="marketing" data-src="https://tube.example/p.gif"'
    ' width="1" height="1" alt="">'
)
GROUND = (
    '<div data-consent="marketing" data-background="https://tube.example/sky.png"'
    ' style="width: 200px; height: 200px"></div>'
)
SAID = "Content from tube.example is loaded only if you allow it."
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'


@pytest.fixture
def asked(visitor):
    """What was asked of the host that the embeds come from."""
    found = []

    def answer(route):
        found.append(route.request.url.removeprefix(TUBE))
        is_film = route.request.url.endswith("film")
        body, kind = ("<p>Film", "text/html") if is_film else (DOT, "image/svg+xml")
        route.fulfill(body=body, content_type=kind)

    visitor.context.route(f"{TUBE}/**", answer)
    return found


@pytest.fixture
def site(visitor, asked):
    return visitor.visit_site("embeds", FRAME + PICTURE + PIXEL + GROUND)


def placeholder(site, said=SAID):
    return site.page.get_by_role("group", name=said).first


def place_of(locator):
    return locator.bounding_box()


def test_nothing_is_asked_of_anybody_before_a_choice(site, asked):
    expect(placeholder(site)).to_be_visible()

    site.reject()

    assert asked == []
    expect(placeholder(site)).to_be_visible()


def test_the_placeholder_says_from_where_and_takes_the_same_place(site):
    box = place_of(placeholder(site))
    below = place_of(site.page.locator("#below"))

    site.accept()
    frame = site.page.locator("iframe")
    expect(frame).to_be_visible()

    # An iframe has a border of two pixels around what its attributes say.
    assert place_of(frame) == box
    assert box["width"] == 404
    assert place_of(site.page.locator("#below")) == below


def test_what_counts_by_a_pixel_has_no_placeholder(site):
    expect(site.page.locator("consent-embed")).to_have_count(2)


def test_loading_once_loads_this_one_and_decides_nothing(site, asked):
    placeholder(site).get_by_role("button", name="Load once").click()

    expect(site.page.frame_locator("iframe").get_by_text("Film")).to_be_visible()
    assert asked == ["/film"]
    expect(site.banner.reject).to_be_visible()
    assert not site.allows("marketing")
    assert site.page.evaluate("document.activeElement.tagName") == "IFRAME"


def test_always_allows_this_vendor_and_not_the_purpose(site, asked):
    site.reject()
    placeholder(site).get_by_role("button", name="Always load").click()

    expect(site.page.frame_locator("iframe").get_by_text("Film")).to_be_visible()
    eventually(site.token)
    assert asked == ["/film"]
    assert not site.allows("marketing")
    assert site.page.evaluate("consent.allows('marketing', 'tube')")

    site.page.reload()

    expect(site.page.frame_locator("iframe").get_by_text("Film")).to_be_visible()
    expect(site.page.get_by_role("group", name=SAID)).to_have_count(1)


def test_images_and_backgrounds_are_loaded_once_allowed(site, asked):
    site.accept()

    eventually(lambda: {*asked} >= {"/film", "/a.png", "/p.gif", "/sky.png"})
    expect(site.page.locator("consent-embed")).to_have_count(0)


def test_after_a_withdrawal_the_placeholder_is_back(site, asked):
    site.accept()
    expect(site.page.frame_locator("iframe").get_by_text("Film")).to_be_visible()

    site.page.evaluate("consent.withdraw()")

    expect(placeholder(site)).to_be_visible()
    expect(site.page.locator("iframe")).to_be_hidden()
    assert site.page.locator("iframe").get_attribute("src") is None


def test_what_a_page_adds_later_waits_too(site, asked):
    site.reject()

    site.page.evaluate(
        "(html) => document.body.insertAdjacentHTML('beforeend', html)",
        FRAME.replace("tube.example/film", "tube.example/other"),
    )

    expect(site.page.get_by_role("group", name=SAID)).to_have_count(3)
    assert asked == []


@pytest.mark.parametrize("width", [320, 1280])
def test_the_placeholder_is_never_wider_than_the_page(visitor, asked, width):
    site = visitor.visit_site("embeds", FRAME)
    site.page.set_viewport_size({"width": width, "height": 700})

    box = place_of(placeholder(site))

    assert box["x"] + box["width"] <= width
    button = placeholder(site).get_by_role("button", name="Load once")
    assert place_of(button)["height"] >= 24
