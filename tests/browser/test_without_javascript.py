"""Where scripts do not run, there is no banner: a link leads to the same choices."""

import pytest
from playwright.sync_api import expect

from tests.browser.page import Center

pytestmark = pytest.mark.browser


@pytest.fixture
def visitor(new_visitor):
    """Return a visitor in whose browser no script runs."""
    return new_visitor(java_script_enabled=False)


def test_from_the_page_one_refuses(visitor, town):
    number = town.mark()
    center = follow_from_shop(visitor)
    expect(center.state("analytics")).to_contain_text("you have not decided")

    center.answer("Analytics", "Do not allow").click()

    expect(center.said).to_contain_text("A no needs no identifier")
    expect(center.state("analytics")).to_contain_text("you said no")
    assert town.records_after(number) == [number + 1]


def test_from_the_page_one_allows_and_withdraws(visitor, town):
    """Who has no secret gets one, in a session of the service's own host."""
    number = town.mark()
    center = follow_from_shop(visitor)
    center.answer("Analytics", "Allow").click()
    expect(center.state("analytics")).to_contain_text("Allowed by you on")
    center.back.click()

    center = follow_from_shop(visitor)
    center.withdraw.click()

    expect(center.summary).to_have_text("Nothing is allowed now")
    assert town.records_after(number) == [number + 1, number + 2]
    assert visitor.cookies() == {}


@pytest.mark.parametrize(
    ("locale", "lang", "title"),
    [
        ("de-DE", "", "Datenschutzeinstellungen"),
        ("de-DE", "?lang=en", "Privacy settings"),
        ("en-US", "?lang=de", "Datenschutzeinstellungen"),
    ],
)
def test_the_link_names_the_language_or_leaves_it_to_the_visitor(
    new_visitor, town, locale, lang, title
):
    visitor = new_visitor(java_script_enabled=False, locale=locale)
    link = f'<noscript><a href="{town.preferences}{lang}">Choices</a></noscript>'
    page = visitor.context.new_page()
    page.goto(town.open_site("other", "", link))

    page.get_by_role("link", name="Choices").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_where_scripts_run_the_banner_asks_and_the_link_is_not_there(new_visitor):
    shop = new_visitor().visit_shop()

    expect(shop.banner.reject).to_be_visible()
    expect(link_of(shop.page)).to_have_count(0)


def follow_from_shop(visitor):
    """Open the shop, and follow the link that is there instead of the banner."""
    shop = visitor.visit_shop(banner=False)
    expect(shop.banner.root).to_have_count(0)
    link_of(shop.page).click()
    return Center(shop.page)


def link_of(page):
    """Return the link for those without JavaScript."""
    return page.locator("noscript").get_by_role("link", name="privacy settings")
