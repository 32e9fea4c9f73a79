"""Pages that keep nothing: cookies off, a sandboxed frame, a frame of another site."""

import pytest
from playwright.sync_api import expect

from tests.browser.page import eventually

pytestmark = pytest.mark.browser

TAG = '<script type="text/plain" data-consent="analytics">window.hasRun = true</script>'
HAS_RUN = "!!window.hasRun"
FILL = """() => {
  let size = 2 ** 22;
  for (let place = 0; size >= 1; place++)
    try { localStorage[place] = "x".repeat(size) } catch { size /= 2 }
}"""


def without_cookies(visitor):
    """Open a page whose cookies are neither written nor read."""
    site = visitor.visit_site("other", TAG)
    session = visitor.context.new_cdp_session(site.page)
    session.send("Emulation.setDocumentCookieDisabled", {"disabled": True})
    site.page.reload()
    site.banner.reject.wait_for()
    return site


def sandboxed(visitor):
    """Open a page in a frame without an origin, where a look at cookies throws."""
    return visitor.visit_framed("other", TAG, attributes='sandbox="allow-scripts"')


def of_another_site(visitor):
    """Open a page in a frame of another site: no cookies, and a storage of its own."""
    return visitor.visit_framed("other", TAG)


@pytest.fixture(params=[without_cookies, sandboxed, of_another_site])
def site(request, visitor):
    """Open a page that cannot keep anything from one visit to the next."""
    return request.param(visitor)


def test_a_yes_holds_as_long_as_the_page(visitor, site):
    assert not site.page.evaluate(HAS_RUN)

    site.banner.accept.click()

    expect(site.banner.reopen).to_be_visible()
    eventually(lambda: site.page.evaluate(HAS_RUN))
    assert site.allows("analytics")
    assert visitor.context.cookies() == []
    assert visitor.exceptions == []


def test_a_no_holds_as_long_as_the_page_and_can_be_changed(visitor, site):
    site.banner.reject.click()
    expect(site.banner.reopen).to_be_visible()
    assert not site.allows("analytics")

    site.open_dialog()
    site.dialog.accept.click()

    eventually(lambda: site.allows("analytics"))
    expect(site.banner.reopen).to_be_visible()
    assert visitor.exceptions == []


@pytest.mark.parametrize("site", [without_cookies, of_another_site], indirect=True)
def test_a_choice_is_recorded_and_the_next_page_asks_again(visitor, site):
    site.accept()
    assert site.token()

    site.page.evaluate("setTimeout(() => location.reload())")

    site.banner.reject.wait_for()
    assert not site.page.evaluate(HAS_RUN)
    assert visitor.exceptions == []


def test_where_the_storage_is_full_a_choice_counts_and_is_recorded(visitor):
    site = visitor.visit_site("other", TAG)
    site.page.evaluate(FILL)

    site.accept()

    eventually(lambda: site.page.evaluate(HAS_RUN))
    assert visitor.exceptions == []
    site.page.reload()
    site.wait_until_recorded()
