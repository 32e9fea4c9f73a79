"""The preference center by script, without one, by keyboard alone, and for axe."""

from http import HTTPStatus

import pytest
from playwright.sync_api import expect

from consent.services import notices, sitefiles
from examples.demo.places import SITE_FILES
from tests.browser.axe import AXE, TAGS, VIOLATIONS
from tests.browser.page import Center, eventually
from tests.browser.sites import (
    in_languages,
    large,
    selling,
    with_cookie,
    with_parts,
)

pytestmark = pytest.mark.browser

OTHER = next(path for path in SITE_FILES if path.stem == "other").read_text("utf-8")
EARTH = {
    "light": {"surface": "#fffdf7", "ink": "#2b2118", "muted": "#5f5245"}
    | {"button": "#5b3a1e", "accent": "#9a4a12"},
    "dark": {"surface": "#241a12", "button": "#f0d9b5", "button_ink": "#241a12"},
    "radius": 4,
}
SITES = {
    "choosing": lambda *place: selling(OTHER, *place, regime="opt-in"),
    "earthen": lambda *place: selling(
        OTHER,
        *place,
        regime="opt-in",
        appearance=EARTH,
        age_statement={"en": "For people of 16 and over.", "de": "Ab 16 Jahren."},
    ),
    "righthand": lambda *place: in_languages(
        selling(OTHER, *place, regime="opt-in"), *place, ["ar", "en", "de", "fr", "ja"]
    ),
    "large": lambda *place: large(OTHER, *place, vendors=80, cookies=500),
    "childlike": lambda *place: with_cookie(
        with_parts(OTHER, *place, embeds=True, never_ask=True), "left_behind"
    ),
}
WIDTHS = "[document.documentElement.scrollWidth, window.innerWidth]"
ON_TOP = """(part) => {
  const { x, y, width, height } = part.getBoundingClientRect();
  return part.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""


@pytest.fixture(scope="module")
def sites(ledger, running_town):
    """Publish sites of several kinds, and wait until they are served."""
    for name, told in SITES.items():
        text = told(name, running_town.origin(name))
        notices.publish(ledger, sitefiles.load(text))
        address = f"/{name}/banner.js"
        eventually(
            lambda address=address: (
                running_town.service.ask("GET", address)[0] == HTTPStatus.OK
            )
        )


@pytest.fixture
def open_center(new_visitor, town, sites):
    """Return a function that opens the preference center of a site."""

    def come(site, query="", **options):
        page = new_visitor(**options).context.new_page()
        page.goto(f"{town.places.service.address}/{site}/preferences{query}")
        return Center(page)

    return come


@pytest.fixture
def center(open_center):
    return open_center("choosing")


def press(center, button):
    """Press a button, and wait until that is recorded and shown."""
    before = center.said.text_content()
    button.click()
    expect(center.said).not_to_have_text(before)
    center.wait_until_settled()


def size(ledger, site):
    ledger.follower.poll()
    return ledger.follower.state(site).size


@pytest.mark.parametrize("scripts", [True, False], ids=["with", "without"])
def test_the_same_acts_leave_the_same_in_the_ledger(open_center, ledger, scripts):
    center = open_center("choosing", java_script_enabled=scripts)
    first = size(ledger, "choosing")

    press(center, center.answer("Reader statistics", "Allow"))
    press(center, center.answer("Audience measurement", "Object"))
    press(center, center.undo)
    press(center, center.withdraw)

    expect(center.summary).to_have_text("Nothing is allowed now")
    records = [
        ledger.ledger("choosing").record(number)
        for number in range(first, size(ledger, "choosing"))
    ]
    allowed = {"analytics": "granted"}
    assert [
        (
            record.action,
            record.layout,
            {n: m.decision for n, m in record.decisions.items()},
        )
        for record in records
    ] == [
        ("given", "purpose", allowed),
        ("changed", "purpose", allowed | {"audience": "objected"}),
        ("changed", "undo", allowed | {"audience": "granted"}),
        (
            "withdrawn",
            None,
            {"analytics": "refused", "marketing": "refused", "audience": "objected"},
        ),
    ]
    assert {record.how for record in records} == {"preferences"}
    assert len({record.subject for record in records}) == 1


def test_by_keyboard_alone_one_allows_undoes_and_refuses_a_vendor(center):
    tab_to(center, center.answer("Reader statistics", "Allow"))
    press_key(center, "Enter")
    expect(center.state("analytics")).to_contain_text("Allowed by you")
    assert_in_sight(center, center.answer("Reader statistics", "Allow"))

    tab_to(center, center.undo, "Shift+Tab")
    press_key(center, "Enter")
    expect(center.state("analytics")).to_contain_text("you said no")
    assert_in_sight(center, center.undo)
    press_key(center, "Space")
    expect(center.state("analytics")).to_contain_text("Allowed by you")

    summary = center.details.nth(1).locator("summary")
    tab_to(center, summary)
    center.page.keyboard.press("Enter")
    vendor = center.answer("Plausible", "Do not allow")
    tab_to(center, vendor)
    press_key(center, "Space")
    expect(center.state("analytics")).to_contain_text("except for some services")
    assert_in_sight(center, vendor)

    tab_to(center, center.withdraw, "Shift+Tab")
    press_key(center, "Enter")
    expect(center.summary).to_have_text("Nothing is allowed now")
    assert_in_sight(center, center.withdraw)


def test_what_was_opened_stays_open_when_something_is_decided(center):
    center.details.nth(0).locator("summary").click()

    press(center, center.answer("Reader statistics", "Allow"))

    assert [one.get_attribute("open") for one in center.details.all()] == ["", None]


def test_the_button_that_was_pressed_stays_where_it_was(open_center):
    """Browsers see to that themselves, but not at the top of a page."""
    center = open_center("choosing", viewport={"width": 1280, "height": 900})
    button = center.answer("Reader statistics", "Allow")
    before = button.bounding_box()

    press(center, button)

    assert button.bounding_box()["y"] == pytest.approx(before["y"], abs=1)


def test_the_confirmation_is_in_sight_wherever_the_button_was(center):
    button = center.answer("Audience measurement", "Object")
    button.scroll_into_view_if_needed()

    press(center, button)

    expect(center.said).to_be_in_viewport(ratio=1)
    expect(center.undo).to_be_in_viewport(ratio=1)


PALETTES = {"light": {"color_scheme": "light"}, "dark": {"color_scheme": "dark"}}


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("site", ["choosing", "righthand", "earthen", "childlike"])
def test_axe_finds_nothing(open_center, site, palette):
    center = open_center(site, "?lang=ar", **PALETTES[palette])
    for summary in center.page.locator("summary").all():
        summary.click()
    buttons = center.page.locator("[id^=yes-]")
    if buttons.count():
        press(center, buttons.first)
    # Not before: it adds a script, which the page's policy forbids.
    center.page.evaluate(AXE.read_text("utf-8"))

    found = []
    for width in (320, 1280):
        center.page.set_viewport_size({"width": width, "height": 800})
        found += center.page.evaluate(VIOLATIONS, [TAGS, {}])
        scrolled, wide = center.page.evaluate(WIDTHS)
        assert scrolled <= wide
    assert found == []


def test_it_stays_usable_with_very_many_vendors_and_cookies(open_center):
    center = open_center("large", viewport={"width": 320, "height": 640})
    expect(center.details).to_have_count(4)
    assert center.page.locator("details[open]").count() == 0

    center.details.nth(2).locator("summary").click()
    vendor = center.answer("Vendor 78", "Allow")
    vendor.focus()
    press_key(center, "Enter")

    expect(center.summary).to_contain_text("Vendor 78")
    expect(vendor).to_be_focused()
    expect(vendor).to_be_in_viewport()
    scrolled, wide = center.page.evaluate(WIDTHS)
    assert scrolled <= wide


def test_where_nobody_is_asked_there_is_no_banner_and_nothing_runs(new_visitor, sites):
    visitor = new_visitor()
    left = {
        "name": "left_behind",
        "value": "1",
        "url": visitor.town.origin("childlike"),
    }
    visitor.context.add_cookies([left])
    address = f"{visitor.town.places.service.address}/childlike/banner.js"
    video = (
        '<iframe data-consent="marketing" data-src="https://tube.example/"></iframe>'
    )
    page = visitor.context.new_page()
    page.goto(
        visitor.town.open_site(
            "childlike",
            f'<script src="{address}" async></script>'
            '<script type="text/plain" data-consent="analytics">var ran = 1</script>',
            body=video,
        )
    )

    eventually(lambda: page.evaluate("!!window.consent?.ready"))
    page.evaluate("window.consent.set({ analytics: true, marketing: true })")

    eventually(lambda: visitor.context.cookies(page.url), lambda kept: kept == [])
    assert page.locator("consent-banner, consent-embed").count() == 0
    assert not page.evaluate("window.consent.allows('analytics')")
    assert not page.evaluate("window.ran")


def tab_to(center, target, key="Tab"):
    """Move the focus step by step until it is there; it is never lost or hidden."""
    for _ in range(60):
        center.page.keyboard.press(key)
        if target.evaluate("(part) => part === document.activeElement"):
            assert_in_sight(center, target)
            return
    raise AssertionError("the focus never came there")


def press_key(center, key):
    """Press a key, and wait until what it does is recorded and shown."""
    before = center.said.text_content()
    center.page.keyboard.press(key)
    expect(center.said).not_to_have_text(before)
    center.wait_until_settled()


def assert_in_sight(center, target):
    """Assert that something has the focus, and that nothing lies on top of it."""
    expect(target).to_be_focused()
    assert target.evaluate(ON_TOP)
