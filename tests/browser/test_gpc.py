"""Global Privacy Control: honoured, said so, kept nowhere, until somebody decides."""

import pytest
from playwright.sync_api import expect

from tests.browser.tools import heard, snippet
from tests.browser.visitor import kept_by

pytestmark = pytest.mark.browser

SIGNAL = "Navigator.prototype.globalPrivacyControl = true"
HONOURED = "Your browser sends Global Privacy Control, and we honour it"


@pytest.fixture
def site(visitor):
    """Open a page of a site that sells, by a browser that sends the signal."""
    visitor.context.add_init_script(SIGNAL)
    return visitor.visit_site("signals", snippet("uet"), snippet("shopify"))


def test_it_is_shown_as_honoured_where_it_holds(site):
    expect(site.banner.root).to_contain_text(HONOURED)

    site.banner.settings.click()

    expect(site.dialog.root.get_by_text(HONOURED)).to_have_count(1)
    expect(site.dialog.switch("Advertising")).not_to_be_checked()


def test_a_mere_signal_is_kept_nowhere_and_told_to_nobody(visitor, site):
    assert visitor.context.cookies() == []
    assert kept_by(site.page) == []
    assert heard(site.page, "shopify") == []


def test_an_explicit_yes_wins_and_is_no_longer_called_refused(site):
    site.accept()
    site.page.reload()
    site.open_dialog()

    assert site.allows("marketing")
    assert ["consent", "update", {"ad_storage": "granted"}] in heard(site.page, "uet")
    expect(site.dialog.switch("Advertising")).to_be_checked()
    expect(site.dialog.root).not_to_contain_text(HONOURED)


def test_a_site_that_sells_nothing_says_nothing_of_it(visitor):
    visitor.context.add_init_script(SIGNAL)

    site = visitor.visit_site("other")

    expect(site.banner.root).not_to_contain_text("Global Privacy Control")
