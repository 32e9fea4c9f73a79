"""What a page and its measurements notice of the banner: nothing."""

import pytest
from playwright.sync_api import expect

from tests.browser.page import eventually

pytestmark = pytest.mark.browser

OBSERVE = """
  window.shifts = [];
  new PerformanceObserver((list) => shifts.push(...list.getEntries()))
    .observe({ type: "layout-shift", buffered: true });
"""
SHIFTED = """() => shifts.map(({ value, hadRecentInput, sources }) =>
  [value, hadRecentInput, ...sources.map(({ node }) => node?.nodeName)])"""
LARGEST = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const { shadowRoot } = document.querySelector("consent-banner");
  await Promise.all(shadowRoot.getAnimations().map(({ finished }) => finished));
  await frame().then(frame);
  return new Promise((done) =>
    new PerformanceObserver((list) =>
      // What is in a shadow tree has no element here.
      done(list.getEntries().map(({ element }) =>
        !element || element.closest("consent-banner") ? "ours" : element.localName)))
      .observe({ type: "largest-contentful-paint", buffered: true }));
}"""
SHORT = "<meta name='viewport' content='width=device-width'></head><body><h1>Short</h1>"
BLOCKING = """() => {
  window.order = [];
  const banner = document.querySelector("consent-banner");
  const isFolded = () => banner.hasAttribute("folded");
  const isGone = () => getComputedStyle(banner).opacity === "0" || isFolded();
  const note = () => order.push(isGone() ? "gone" : "there");
  addEventListener("click", () => requestAnimationFrame(note), { once: true });
  consent.on("change", () => {
    order.push("listener");
    for (const end = performance.now() + 300; performance.now() < end; );
  });
}"""

# Just after a frame, when the next one is as far away as can be.
ACCEPT = """() => requestAnimationFrame(() =>
  setTimeout(() => document.querySelector("[name=accept]").click()))"""


@pytest.fixture(params=[320, 1280])
def width(request):
    """Return how wide the window is."""
    return request.param


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_it_is_never_the_largest_paint_of_a_page(new_visitor, width, motion):
    size = {"width": width, "height": 800}
    visitor = new_visitor(viewport=size, reduced_motion=motion)

    shop, short = visitor.visit_shop(), visitor.visit_site("other", SHORT)

    for site in (shop, short):
        site.page.bring_to_front()
        largest = site.page.evaluate(LARGEST)
        assert largest
        assert "ours" not in largest


def test_nothing_shifts_when_it_comes_folds_up_or_says_something(new_visitor, width):
    """Not even its own parts, nor just after a click, where it would not count."""
    visitor = new_visitor(viewport={"width": width, "height": 800})
    visitor.context.add_init_script(OBSERVE)
    site = visitor.visit_site("other", SHORT)
    visitor.lose_the_service()

    site.banner.settings.click()
    site.dialog.reject.click()

    expect(site.banner.status).not_to_be_empty()
    visitor.find_the_service()
    site.come_back()
    expect(site.banner.status).to_be_empty()
    site.page.evaluate("() => new Promise(requestAnimationFrame)")
    assert site.page.evaluate(SHIFTED) == []


def test_what_listens_to_changes_runs_when_the_banner_is_out_of_sight(new_visitor):
    """Several times over, because a frame may happen to come early."""
    orders = [order_after_a_click(new_visitor()) for _ in range(4)]

    assert orders == [["gone", "listener"]] * 4


def order_after_a_click(visitor):
    """Accept; return in which order a frame and a listener that blocks came."""
    site = visitor.visit_site("other")
    site.page.evaluate(BLOCKING)
    site.page.evaluate(ACCEPT)
    return eventually(lambda: site.page.evaluate("order"), lambda order: len(order) > 1)


def test_a_page_out_of_sight_does_not_wait_until_it_is_painted(visitor):
    site = visitor.visit_framed("other", attributes="hidden")
    site.page.evaluate("() => { consent.on('change', () => { window.isTold = 1 }) }")

    site.page.evaluate("document.querySelector('[name=accept]').click()")

    eventually(lambda: site.page.evaluate("window.isTold"))
