"""What is measured of one visit, on a slow processor and a slow network."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import (
    Browser,
    CDPSession,
    Page,
    ViewportSize,
    sync_playwright,
)

from benchmarks.browser.banners import HERE
from benchmarks.browser.serving import Pages

CPU_SLOWDOWN = 4
# Slow 4G as Chromium's developer tools and Lighthouse apply it.
SLOW_4G = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1474.56 * 1024 / 8,
    "uploadThroughput": 675 * 1024 / 8,
}
WINDOW = ViewportSize(width=1280, height=800)
QUIET_MILLISECONDS = 3500
SETTLED_MILLISECONDS = 500
PATIENCE_MILLISECONDS = 15000
WATCH = (HERE / "watch.js").read_text("utf-8")
COLLECT = (HERE / "collect.js").read_text("utf-8")
Values = dict[str, float]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium without a window, until the block ends."""
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser"]
    executable = next(filter(None, map(shutil.which, names)), None)
    # Chromium refuses to run in its own sandbox as root.
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    flags = [
        "--disable-background-networking",
        "--disable-gpu",
        # Some banners do not show themselves to a browser that says it is driven.
        "--disable-blink-features=AutomationControlled",
        *as_root,
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=flags)
        yield browser
        browser.close()


@contextmanager
def visitor(browser: Browser) -> Iterator[Page]:
    """Open a page of somebody who was never here before."""
    context = browser.new_context(locale="en-US", viewport=WINDOW)
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    yield context.new_page()
    context.close()


def loaded(browser: Browser, pages: Pages, key: str) -> Values:
    """Measure a load that nothing watches: what it transfers, runs and stores."""
    with visitor(browser) as page:
        session = _slowed(page)
        # Time of the processor, not of the clock: other work disturbs it less.
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        requests = []
        page.on("requestfinished", lambda request: requests.append(request))
        page.goto(pages.address(key))
        page.wait_for_timeout(QUIET_MILLISECONDS)
        script = _metric(session, "ScriptDuration")
        of_banner = [one for one in requests if not one.is_navigation_request()]
        sizes = [one.sizes()["responseBodySize"] for one in of_banner]
        noted = page.evaluate(COLLECT)
    return {
        "bytes": sum(sizes),
        "requests": len(sizes),
        "script": script * 1000,
        "shift": noted["shift"],
        "largest_paint": noted["largestPaint"],
        "is_largest_paint": noted["isLargestPaint"],
        "blocking": noted["blocking"],
        "longest_task": noted["longestTask"],
        "stored": noted["stored"],
    }


def refused(browser: Browser, pages: Pages, key: str) -> Values:
    """Measure a visit that ends with a no: when it can be said, and what follows."""
    with visitor(browser) as page:
        _slowed(page)
        show(page, pages.address(key))
        return reject(page)


def show(page: Page, address: str) -> None:
    """Open a page, and wait until its banner stands still."""
    page.add_init_script(WATCH)
    with page.expect_console_message(lambda message: message.text == "shown"):
        page.goto(address)
    page.wait_for_timeout(SETTLED_MILLISECONDS)


def reject(page: Page) -> Values:
    """Click on reject; return what was watched. One click has to do."""
    watched = page.evaluate("watched")
    with page.expect_console_message(lambda message: message.text == "gone"):
        page.mouse.click(*watched["place"])
    gone = page.evaluate("watched")["gone"]
    interaction = page.evaluate(COLLECT)["interaction"]
    return {
        "visible": watched["visible"],
        "gone": gone,
        "interaction": interaction,
        "clicks": 1,
    }


def _slowed(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    return session


def _metric(session: CDPSession, name: str) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) for one in metrics if one["name"] == name)
