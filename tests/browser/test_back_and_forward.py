"""Pages that a browser keeps for going back, and those it prepares in advance."""

import pytest
from playwright.sync_api import expect

from tests.browser.page import eventually
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

TAG = '<script type="text/plain" data-consent="analytics">window.hasRun = true</script>'
LATE_TAG = f"""() => {{
  const range = document.createRange();
  document.head.append(range.createContextualFragment(`{TAG}`));
}}"""
MARK = """() => {
  window.isMarked = true;
  addEventListener("pageshow", ({ persisted }) => { window.isRestored = persisted });
}"""
HOLDS_NO_LOCK = "navigator.locks.query().then(({ held }) => !held.length)"
WAS_KEPT = "!!(window.isMarked && window.isRestored)"


@pytest.fixture(scope="module")
def keeping_browser(chromium, chromium_options):
    """Start a browser that keeps the pages one leaves."""
    browser = chromium.browser_type.launch(
        **chromium_options, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield browser
    browser.close()


@pytest.fixture
def visitor(keeping_browser, town):
    """Return a visitor who was never here before."""
    context = keeping_browser.new_context(locale="en-US")
    yield Visitor(context, town)
    context.close()


@pytest.fixture
def site(visitor):
    """Open a page that has a tag which waits."""
    return visitor.visit_site("other", TAG)


def go_on(site):
    """Go to the next page of the site; a browser keeps no page that holds a lock."""
    eventually(lambda: site.page.evaluate(HOLDS_NO_LOCK))
    site.page.evaluate(MARK)
    site.page.goto(f"{site.page.url}next")
    site.banner.root.wait_for()


def go_back(site):
    """Go back to the page before, which the browser must have kept."""
    site.page.go_back(wait_until="commit")
    eventually(lambda: site.page.evaluate(WAS_KEPT))


def test_a_page_shows_and_runs_what_was_allowed_on_the_next_one(town, site):
    """At once: however long the service takes to record it."""
    go_on(site)

    with town.stalled_service():
        site.banner.accept.click()
        expect(site.banner.reopen).to_be_visible()
        go_back(site)

        expect(site.banner.reopen).to_be_visible()
        expect(site.banner.reject).to_be_hidden()
        eventually(lambda: site.page.evaluate("window.hasRun"))


def test_a_page_runs_nothing_more_after_a_no_on_the_next_one(site):
    site.accept()
    eventually(lambda: site.page.evaluate("window.hasRun"))
    go_on(site)
    site.change("Reject all")

    go_back(site)

    eventually(lambda: not site.allows("analytics"))
    site.page.evaluate("window.hasRun = false")
    site.page.evaluate(LATE_TAG)
    assert not site.page.evaluate("window.hasRun")


def test_a_page_left_before_its_choice_was_recorded_asks_nothing_again(visitor, site):
    visitor.lose_the_service()
    site.banner.reject.click()
    expect(site.banner.status).not_to_be_empty()
    go_on(site)

    go_back(site)

    expect(site.banner.reopen).to_be_visible()
    assert not site.allows("analytics")
