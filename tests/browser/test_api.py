"""What a page can do with `window.consent`."""

import pytest

from tests.browser.page import eventually

pytestmark = pytest.mark.browser

EARLY = """window.consent = [(consent) => {
  window.told = [consent.allows("analytics")];
  consent.on("change", ({ decisions }) => window.told.push(decisions.analytics));
}]"""


@pytest.fixture
def site(visitor):
    """Open a page that pushed a function before the script was there."""
    visitor.context.add_init_script(EARLY)
    return visitor.visit_site("other")


def told(site):
    """Return what the function of the page was told."""
    return site.page.evaluate("window.told")


def test_what_a_page_pushed_early_is_called_and_told_of_each_change(site):
    assert told(site) == [False]

    site.accept()
    eventually(lambda: told(site), [False, "granted"].__eq__)

    site.change("Reject all")
    eventually(lambda: told(site), [False, "granted", "refused"].__eq__)


def test_a_push_after_the_script_is_called_at_once(site):
    site.page.evaluate(
        "consent.push(({ allows }) => { window.late = allows('analytics') })"
    )

    assert site.page.evaluate("window.late") is False


def test_who_no_longer_wants_to_hear_of_changes_does_not(site):
    site.page.evaluate("window.consent.on('change', () => window.told.push('!'))()")

    site.accept()

    eventually(lambda: told(site), [False, "granted"].__eq__)
