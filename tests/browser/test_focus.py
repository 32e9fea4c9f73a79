"""What has the focus is seen: the banner gives way (WCAG 2.4.11)."""

import pytest
from playwright.sync_api import expect

from tests.browser.page import eventually

pytestmark = pytest.mark.browser

WINDOWS = {
    "desktop": {"width": 1280, "height": 720},
    "phone": {"width": 320, "height": 568},
    # What is left of a desktop window at a zoom of 400 % (WCAG 1.4.10).
    "zoomed": {"width": 320, "height": 256},
}
STYLE = "p { margin: 0 0 60px; } p a { display: inline-block; }"
PLACES = ("left", "center", "right")
LINES = [
    f'<p style="text-align: {PLACES[number % 3]}"><a href="#">Link {number}</a></p>'
    for number in range(12)
]
FIXED = '<a href="#" style="position: fixed; left: 20px; bottom: 20px">Help</a>'
LONG, SHORT = "".join(LINES), "".join(LINES[:3])
SCROLLER = f'<div style="height: 100vh; overflow: auto">{LONG}</div>'
# What is painted in the middle of what has the focus, after the page was drawn anew.
SEEN = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => {
  const { activeElement: it } = document;
  const { x, y, width, height } = it.getBoundingClientRect();
  const found = document.elementFromPoint(x + width / 2, y + height / 2);
  done([it.textContent, it.contains(found)]);
})))"""

# Whether a text is painted where it says that it is.
VISIBLE = """(it) => {
  const { x, y, width, height } = it.getBoundingClientRect();
  return it.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""


@pytest.fixture
def open_page(new_visitor):
    """Return a function that opens a page with this body in a window of this size."""

    def opened(body, window="phone"):
        visitor = new_visitor(viewport=WINDOWS[window])
        return visitor.visit_site("other", f"<style>{STYLE}</style>", body=body)

    return opened


@pytest.mark.parametrize(
    ("window", "body"),
    [
        ("desktop", LONG),
        ("desktop", SCROLLER),
        ("phone", LONG),
        ("phone", SHORT),
        ("zoomed", LONG),
    ],
)
def test_nothing_that_gets_the_focus_lies_under_the_banner(open_page, window, body):
    site = open_page(body, window)
    count = body.count("<a ")

    assert hidden(site, count, "Tab") == []
    assert hidden(site, count - 1, "Shift+Tab") == []


@pytest.mark.parametrize("window", WINDOWS)
def test_nor_under_the_folded_one(open_page, window):
    site = open_page(LONG + FIXED, window)
    site.reject()

    assert hidden(site, len(LINES) + 1, "Tab") == []


def test_while_it_is_out_of_the_way_one_click_still_rejects(open_page):
    site = open_page(FIXED)
    assert hidden(site, 1, "Tab") == []
    expect(site.banner.root).to_have_attribute("aside", "top")

    site.reject()

    assert not site.allows("analytics")
    expect(site.banner.root).not_to_have_attribute("aside", "top")


def test_a_choice_that_could_not_be_sent_is_told_wherever_it_is(open_page):
    site = open_page(FIXED)
    waiting = []
    site.page.context.route("**/v1/**", lambda route: waiting.append(route))
    site.banner.reject.click()
    expect(site.banner.reopen).to_be_focused()
    assert hidden(site, 1, "Tab") == []

    eventually(lambda: site.page.wait_for_timeout(50) or waiting)
    for request in waiting:
        request.abort()

    # It grows by what it has to say, while the link has the focus already.
    expect(site.banner.root).to_have_attribute("aside", "top")
    assert site.page.evaluate(SEEN) == ["Help", True]
    status = site.banner.status
    expect(status).to_contain_text("will be sent")
    assert status.evaluate(VISIBLE)


def test_it_is_whole_and_back_once_something_else_has_the_focus(open_page):
    site = open_page(FIXED)
    before = site.banner.root.bounding_box()
    hidden(site, 1, "Tab")
    assert site.banner.root.bounding_box() != before

    site.page.keyboard.press("Shift+Tab")

    expect(site.banner.settings).to_be_focused()
    expect(site.banner.root).not_to_have_attribute("aside", "top")
    assert site.banner.root.bounding_box() == before


def hidden(site, count, key):
    """Walk over so many links of the page; return those that were not to be seen."""
    page, found = site.page, []
    while len(found) < count:
        page.keyboard.press(key)
        if page.evaluate("!!document.activeElement.closest('body a')"):
            found.append(page.evaluate(SEEN))
    return [text for text, is_seen in found if not is_seen]
