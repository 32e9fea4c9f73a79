"""What holds for every page of a visitor, whichever it is."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.axe import AXE, PALETTES, violations
from tests.browser.pages import FAILING, PAGES, Tour

pytestmark = pytest.mark.browser

SIZES = [(320, 568), (1280, 800)]
OVERFLOW = """(direction) => {
  const root = document.documentElement;
  root.dir = direction;
  return root.scrollWidth - root.clientWidth;
}"""
REPORT = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))"""
# The controls that are seen, and the texts of the page itself that are not.
PRINTED = """() => {
  const controls = "button, input, select, textarea, iframe, nav, .button";
  const ways = ".page__back, .page__links, .search, .search__found, .versions";
  const others = `${controls}, fieldset, ${ways}, script, noscript, [hidden]`;
  const isSeen = (one) => one.checkVisibility({ visibilityProperty: true });
  const says = ({ childNodes }) =>
    [...childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim());
  const told = (ones) => ones.map((one) => one.outerHTML.slice(0, 200));
  const texts = [...document.querySelectorAll("main, main *")]
    .filter((one) => says(one) && !one.closest(others));
  return [
    told([...document.querySelectorAll(controls)].filter(isSeen)),
    told(texts.filter((one) => !isSeen(one))),
  ];
}"""


@pytest.fixture
def tour(visitor):
    """Go through the pages as somebody who allowed something."""
    return Tour(visitor)


@pytest.mark.parametrize("palette", PALETTES)
def test_axe_finds_nothing_on_any_page(new_visitor, palette):
    tour = Tour(new_visitor(reduced_motion="reduce", **PALETTES[palette]))
    # The pages' own policy lets no script in that is not theirs.
    tour.visitor.context.add_init_script(path=AXE)

    found = {
        (name, size): broken
        for name in PAGES
        for page in [tour.visit(name)]
        for size in SIZES
        if (broken := violations(page, size, palette))
    }

    assert found == {}


def test_no_page_asks_anybody_else_or_breaks_its_policy(new_visitor):
    visitor = new_visitor()
    visitor.context.add_init_script(REPORT)
    tour = Tour(visitor)

    for name in PAGES:
        tour.visit(name)
        tour.page.wait_for_load_state("networkidle")

    service = urlsplit(visitor.town.places.service.address).netloc
    asked = {urlsplit(request.url) for request in visitor.requests}
    assert {one.netloc for one in asked if one.scheme != "data"} == {service}
    not_found = [error for error in visitor.errors if "404" in error]
    assert len(not_found) == len(FAILING)
    assert [error for error in visitor.errors if "404" not in error] == []


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_every_page_fits_a_small_phone_in_both_directions(new_visitor, direction):
    tour = Tour(new_visitor(viewport={"width": 320, "height": 568}))

    found = {name: tour.visit(name).evaluate(OVERFLOW, direction) for name in PAGES}

    assert found == dict.fromkeys(PAGES, 0)


def test_by_keyboard_alone_from_a_choice_to_its_erasure(visitor):
    center = visitor.visit_center()
    page = center.page

    press(page, "button", "Allow")
    expect(center.said).to_contain_text("Recorded as number")
    press(page, "link", "Your records")
    press(page, "link", re.compile("Receipt"))
    press(page, "button", "Verify in this browser")
    expect(page.get_by_role("status")).to_contain_text("Valid.")
    press(page, "link", "Your records")
    press(page, "link", "Erase everything about me")
    press(page, "button", "Erase everything now")

    expect(page.get_by_role("status")).to_contain_text("Erased.")
    expect(page.get_by_text("This browser holds nothing")).to_be_visible()


def press(page, role, name, most=60):
    """Go to the first control of that name by Tab alone, see the focus, press it."""
    page.wait_for_load_state()
    wanted = page.get_by_role(role, name=name, exact=True).first
    wanted.wait_for()
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("(one) => one === document.activeElement"):
            outline = wanted.evaluate("(one) => getComputedStyle(one).outlineStyle")
            assert outline == "solid", name
            return page.keyboard.press("Enter")
    return pytest.fail(f"no Tab leads to {name}")


def test_printed_pages_hold_every_detail_and_no_control(tour):
    for name in PAGES:
        # As it comes: what is folded has to be on paper as well.
        tour.page.goto(tour.address(name))
        tour.page.emulate_media(media="print")

        controls, unseen = tour.page.evaluate(PRINTED)

        assert (name, controls, unseen) == (name, [], [])
