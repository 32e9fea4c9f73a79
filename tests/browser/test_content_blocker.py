"""A content blocker hides the banner, as cosmetic filters of an extension do."""

import json
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import expect

from tests.browser.page import Center, eventually
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

MANIFEST = {
    "manifest_version": 3,
    "name": "Content blocker",
    "version": "1",
    "permissions": ["scripting", "webNavigation"],
    "host_permissions": ["<all_urls>"],
    "background": {"service_worker": "blocker.js"},
}
# Style sheets of a page cannot hide the banner; those of the user can.
BLOCKER = """
  const css = "consent-banner { display: none !important }";
  chrome.webNavigation.onCommitted.addListener(({ tabId }) =>
    chrome.scripting.insertCSS({ target: { tabId }, origin: "USER", css }));
"""
IS_LISTENING = "chrome.webNavigation.onCommitted.hasListeners()"
IS_HIDDEN = """() => {
  const banner = document.querySelector("consent-banner");
  return !!banner && !banner.checkVisibility();
}"""


@pytest.fixture(scope="module")
def browser_with_blocker(chromium, chromium_options, tmp_path_factory):
    """Start a browser that has the extension."""
    folder = tmp_path_factory.mktemp("blocker")
    (folder / "manifest.json").write_text(json.dumps(MANIFEST))
    (folder / "blocker.js").write_text(BLOCKER)
    extension = [
        f"--{name}={folder}" for name in ("disable-extensions-except", "load-extension")
    ]
    with TemporaryDirectory() as profile:
        context = chromium.browser_type.launch_persistent_context(
            profile,
            executable_path=chromium_options["executable_path"],
            args=[*chromium_options["args"], *extension],
            ignore_default_args=["--disable-extensions"],
            locale="en-US",
        )
        workers = context.service_workers
        worker = workers[0] if workers else context.wait_for_event("serviceworker")
        eventually(lambda: worker.evaluate(IS_LISTENING))
        yield context
        context.close()


@pytest.fixture
def shop(browser_with_blocker, town):
    """Open the shop, whose banner is hidden."""
    shop = Visitor(browser_with_blocker, town).visit_shop(banner=False)
    shop.page.wait_for_function(IS_HIDDEN)
    yield shop
    shop.page.close()


def test_the_page_works_and_its_tags_stay_off(shop):
    assert shop.send_event_anyway() == "HELD missing"
    expect(shop.happened).to_have_count(1)
    shop.page.mouse.wheel(0, 300)
    shop.page.wait_for_function("() => scrollY > 0")


def test_settings_that_would_not_be_seen_are_those_of_the_preference_center(shop):
    """A modal dialog in something hidden would leave nothing on the page to click."""
    shop.page.evaluate("() => { consent.open() }")

    center = Center(shop.page)
    expect(center.back).to_be_visible()
    center.wait_for_hand_over()
    center.answer("Analytics", "Allow").click()
    expect(center.said).to_contain_text("Recorded as number")
