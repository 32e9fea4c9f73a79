"""Who is logged in has one answer in all browsers; who is not, the browser's own."""

import hashlib
import hmac
import time

import pytest
from playwright.sync_api import expect

from consent.domain import accounts as domain
from tests.browser.page import Center, eventually

pytestmark = pytest.mark.browser

SITE = "members"
ACCOUNT_KEY = b"the site's own account key"


@pytest.fixture(scope="session")
def api_key(running_town):
    """Return an API key of the site."""
    return running_town.service.run("apikeys", "add", SITE, "accounts").split()[-1]


@pytest.fixture
def proof_of(api_key, request):
    """Return a function that proves who is logged in, as the site's server does."""

    def prove(name, seconds=600):
        account_id = f"{request.node.name} {name}".encode()
        account = hmac.digest(ACCOUNT_KEY, account_id, hashlib.sha256)[:16]
        return domain.prove(SITE, api_key, account, int(time.time()) + seconds)

    return prove


@pytest.fixture
def visit(proof_of):
    """Return a function that opens the site, logged in as somebody or as nobody."""

    def opened(visitor, name=None, **options):
        said = f' data-consent-account="{proof_of(name, **options)}"' if name else ""
        town = visitor.town
        script = f"{town.places.service.address}/{SITE}/banner.js"
        head = f'<script src="{script}" async{said}></script>'
        link = f'<a href="{town.places.service.address}/{SITE}/preferences">Mine</a>'
        return visitor.open_site(SITE, head, link)

    return opened


@pytest.fixture
def phone(new_visitor):
    """Return another browser."""
    return new_visitor()


def allowed(site):
    """Return the purposes that may run, once the banner has its answer."""
    return [one for one in ("analytics", "marketing") if site.allows(one)]


def kept(visitor):
    """Return the cookies of the site that have a value."""
    cookies = visitor.context.cookies(visitor.town.origin(SITE))
    return {one["name"]: one["value"] for one in cookies if one["value"]}


def test_a_yes_in_one_browser_is_seen_in_the_other(visitor, phone, visit):
    visit(visitor, "ann").accept()

    elsewhere = visit(phone, "ann")

    expect(elsewhere.banner.reopen).to_be_visible()
    eventually(lambda: allowed(elsewhere), ["analytics", "marketing"].__eq__)


def test_a_no_follows_as_well(visitor, phone, visit):
    visit(visitor, "ann").reject()

    elsewhere = visit(phone, "ann")

    expect(elsewhere.banner.reopen).to_be_visible()
    assert allowed(elsewhere) == []


def test_a_withdrawal_in_the_second_reaches_the_first_at_its_next_visit(
    visitor, phone, visit
):
    visit(visitor, "ann").accept()
    elsewhere = visit(phone, "ann")
    expect(elsewhere.banner.reopen).to_be_visible()

    elsewhere.page.evaluate("window.consent.withdraw()")
    elsewhere.wait_until_recorded()

    back = visit(visitor, "ann")
    expect(back.banner.reopen).to_be_visible()
    assert allowed(back) == []


def test_nothing_runs_on_a_visit_before_the_answer_is_there(visitor, visit):
    visit(visitor, "ann").accept()
    visitor.delay_the_service()

    back = visit(visitor, "ann")

    assert allowed(back) == []


def test_the_next_person_at_a_browser_has_nothing_of_an_account(visitor, visit):
    visit(visitor, "ann").accept()

    left = visit(visitor)

    expect(left.banner.accept).to_be_visible()
    assert allowed(left) == []
    assert kept(visitor) == {}


def test_the_next_account_at_a_browser_has_nothing_of_the_one_before(visitor, visit):
    visit(visitor, "ann").accept()

    bob = visit(visitor, "bob")

    expect(bob.banner.accept).to_be_visible()
    assert allowed(bob) == []


def test_the_browsers_own_answer_counts_again_after_logging_out(visitor, visit):
    visit(visitor).accept()
    before = kept(visitor)
    visit(visitor, "ann").reject()

    left = visit(visitor)

    expect(left.banner.reopen).to_be_visible()
    eventually(left.token)
    eventually(lambda: allowed(left), ["analytics", "marketing"].__eq__)
    assert kept(visitor).keys() == before.keys()


def test_a_choice_whose_proof_ended_is_sent_when_the_account_is_back(
    visitor, phone, visit
):
    site = visit(visitor, "ann", seconds=-1)
    site.banner.accept.click()
    expect(site.banner.reopen).to_be_visible()
    left = visit(visitor)
    expect(left.banner.accept).to_be_visible()

    visit(visitor, "ann").wait_until_recorded()

    elsewhere = visit(phone, "ann")
    expect(elsewhere.banner.reopen).to_be_visible()
    eventually(lambda: allowed(elsewhere), ["analytics", "marketing"].__eq__)


def test_a_tab_left_open_acts_for_nobody_once_another_logged_out(visitor, visit):
    stale = visit(visitor, "ann")
    left = visit(visitor)
    expect(left.banner.accept).to_be_visible()

    stale.page.evaluate("window.consent.set({ analytics: true })")

    expect(stale.banner.accept).to_be_visible()
    assert kept(visitor) == {}


def test_the_preference_center_shows_the_account_and_where_each_answer_is_from(
    visitor, phone, visit
):
    visit(visitor, "ann").accept()
    site = visit(phone, "ann")
    expect(site.banner.reopen).to_be_visible()

    site.page.get_by_role("link", name="Mine").click()
    center = Center(site.page)
    center.wait_for_hand_over()
    expect(center.summary).to_contain_text("Allowed now")
    center.page.goto(f"{phone.town.places.service.address}/{SITE}/preferences/records")

    expect(center.page.get_by_text("with your account")).to_be_visible()


def test_what_is_withdrawn_in_the_preference_center_counts_on_the_way_back(
    visitor, visit
):
    site = visit(visitor, "ann")
    site.accept()
    site.page.get_by_role("link", name="Mine").click()
    center = Center(site.page)
    center.wait_for_hand_over()

    center.withdraw.click()
    expect(center.said).to_contain_text("Recorded as number")
    center.back.click()

    site.banner.root.wait_for()
    expect(site.banner.reopen).to_be_visible()
    assert allowed(site) == []
