"""One site on two domains that share no cookie, and links from one to the other."""

import pytest
from playwright.sync_api import expect

from tests.browser.page import Site, eventually
from tests.browser.visitor import kept_by

pytestmark = pytest.mark.browser

SECRET = "consent_sisters_secret"


@pytest.fixture
def sisters(town):
    """Serve the two, and a page of neither; each links to both others."""
    names = ("shop-a", "shop-b", "stranger")
    script = f"{town.places.service.address}/sisters/banner.js"
    banner = f'<script src="{script}" async></script>'
    links = "".join(
        f'<p><a data-consent-carry href="{town.origin(name)}/#prices">{name}</a>'
        f'<a href="{town.origin(name)}/">plain {name}</a></p>'
        for name in names
    )
    end = '<h2 id="prices" style="margin-top: 3000px">Prices</h2>'
    for name in names[:2]:
        town.open_site(name, banner, links + end)
    town.open_site("stranger", "", links)
    return {name: f"{town.origin(name)}/" for name in names}


@pytest.fixture
def site(visitor, sisters):
    """Open the first of the two."""
    site = Site(visitor.context.new_page())
    site.page.goto(sisters["shop-a"])
    return site


def follow(site, name):
    """Follow a link of the page."""
    site.page.get_by_role("link", name=name, exact=True).click()


def cookies(site, address):
    return {one["name"]: one["value"] for one in site.page.context.cookies(address)}


def test_what_was_allowed_counts_on_the_sister_too(site, sisters):
    site.accept()
    secret = cookies(site, sisters["shop-a"])[SECRET]

    follow(site, "shop-b")

    expect(site.page).to_have_url(f"{sisters['shop-b']}#prices")
    expect(site.banner.reopen).to_be_visible()
    expect(site.page.get_by_role("heading", name="Prices")).to_be_in_viewport()
    assert cookies(site, sisters["shop-b"])[SECRET] == secret
    assert site.allows("marketing")


def test_a_no_counts_there_too_and_names_nobody(site, sisters):
    site.reject()

    follow(site, "shop-b")

    expect(site.banner.reopen).to_be_visible()
    assert set(cookies(site, sisters["shop-b"])) == {"consent_sisters"}
    assert not site.allows("analytics")


def test_one_withdrawal_counts_on_both(visitor, site, sisters):
    site.accept()
    follow(site, "shop-b")
    expect(site.banner.reopen).to_be_visible()
    eventually(site.token)

    site.change("Reject all")
    site.page.goto(sisters["shop-a"])
    site.page.evaluate("localStorage.consent_sisters_asked = ''")
    site.page.reload()

    eventually(lambda: site.allows("marketing"), lambda allowed: not allowed)


@pytest.mark.parametrize("name", ["stranger", "plain shop-b"])
def test_nothing_is_carried_to_others_or_by_other_links(visitor, site, name):
    site.accept()

    follow(site, name)
    site.page.wait_for_load_state()

    assert "consent-answer" not in site.page.url
    assert site.page.evaluate("location.hash") in {"", "#prices"}


def test_no_answer_is_taken_from_a_page_of_another_site(
    visitor, new_visitor, site, sisters
):
    site.accept()
    secret = cookies(site, sisters["shop-a"])[SECRET]
    other = Site(new_visitor().context.new_page())
    other.page.goto(sisters["stranger"])

    address = f"{sisters['shop-b']}#consent-answer={secret}"
    other.page.evaluate("(address) => location.assign(address)", address)

    expect(other.page).to_have_url(sisters["shop-b"])
    expect(other.banner.reject).to_be_visible()
    assert kept_by(other.page) == []
    assert cookies(other, sisters["shop-b"]) == {}


def test_an_answer_that_is_there_is_never_replaced(site, sisters):
    site.page.goto(sisters["shop-b"])
    site.reject()
    site.page.goto(sisters["shop-a"])
    site.accept()

    follow(site, "shop-b")

    expect(site.banner.reopen).to_be_visible()
    assert set(cookies(site, sisters["shop-b"])) == {"consent_sisters"}
    assert not site.allows("analytics")


def test_the_secret_is_in_no_address_that_a_server_sees(visitor, site, sisters):
    site.accept()
    secret = cookies(site, sisters["shop-a"])[SECRET]

    follow(site, "shop-b")
    expect(site.banner.reopen).to_be_visible()

    asked = [one.partition("#")[0] for one in visitor.everything_asked()]
    assert not [one for one in asked if secret in one]
    link = site.page.get_by_role("link", name="shop-a", exact=True)
    expect(link).to_have_attribute("href", f"{sisters['shop-a']}#prices")
