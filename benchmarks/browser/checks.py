"""What does not depend on time: accessibility, and what a strict policy blocks."""

from playwright.sync_api import Browser, Error, Page

from benchmarks.browser.banners import MODULES
from benchmarks.browser.measures import reject, show, visitor
from benchmarks.browser.serving import Pages

AXE = MODULES / "axe-core" / "axe.min.js"
PASSED = "pass"
PATIENCE_MILLISECONDS = 5000
NOTE_VIOLATIONS = """
window.violations = [];
addEventListener("securitypolicyviolation", ({ effectiveDirective }) =>
  violations.push(effectiveDirective));
"""


def checked(browser: Browser, pages: Pages, key: str) -> dict[str, str | float]:
    """Return the rules of axe that a banner breaks, and what two policies do to it."""
    return {
        "axe": _axe(browser, pages, key),
        "strict": _under(browser, pages, key, "strict"),
        "trusted": _under(browser, pages, key, "trusted"),
    }


def _axe(browser: Browser, pages: Pages, key: str) -> int:
    with visitor(browser) as page:
        show(page, pages.address(key))
        page.evaluate(AXE.read_text("utf-8"))
        return len(page.evaluate("axe.run().then(({ violations }) => violations)"))


def _under(browser: Browser, pages: Pages, key: str, policy: str) -> str:
    """Tell whether a banner comes, and takes a no, without a breach of a policy."""
    with visitor(browser) as page:
        page.set_default_timeout(PATIENCE_MILLISECONDS)
        page.add_init_script(NOTE_VIOLATIONS)
        works = _takes_a_no(page, pages.address(key, policy))
        breached = sorted(set(page.evaluate("violations")))
    if works and not breached:
        return PASSED
    return f"fail: {', '.join(breached) or 'no banner'}"


def _takes_a_no(page: Page, address: str) -> bool:
    try:
        show(page, address)
        reject(page)
    except Error:
        return False
    return True
