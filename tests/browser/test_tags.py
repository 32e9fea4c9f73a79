import pytest
from playwright.sync_api import expect

from tests.browser.page import eventually

pytestmark = pytest.mark.browser

ANALYTICS = "The analytics tag"
MARKETING = "The marketing tag"


def test_after_a_rejection_no_gated_script_ever_runs(visitor, town, shop):
    shop.reject()
    assert shop.send_event_anyway() == "HELD refused"

    shop.page.reload()

    assert shop.send_event_anyway() == "HELD refused"
    expect(shop.banner.reopen).to_be_visible()
    expect(shop.banner.reject).to_be_hidden()
    # The barrier: both lines are the careless tag's, which never asks.
    assert visitor.asked(town.places.gateway) == ["POST /collect"] * 2
    assert visitor.visit_gateway().events() == ["HELD button_click refused"] * 2


def test_after_acceptance_the_gated_scripts_run_at_once_and_the_gateway_fires(
    visitor, shop
):
    shop.banner.accept.click()

    assert shop.verdict_on(ANALYTICS) == "FIRED granted"
    assert shop.verdict_on(MARKETING) == "FIRED granted"
    assert visitor.page_loads() == ["/"]
    assert sorted(visitor.visit_gateway().events()) == [
        "FIRED ad_landing granted",
        "FIRED page_view granted",
    ]


def test_on_the_next_page_they_run_without_asking_again(shop):
    shop.accept()

    shop.page.goto(shop.page.url + "privacy")

    assert shop.verdict_on(ANALYTICS) == "FIRED granted"
    expect(shop.banner.reopen).to_be_visible()


def test_only_what_was_allowed_in_the_settings_runs(shop):
    shop.banner.settings.click()
    shop.dialog.switch("Analytics").check()
    shop.dialog.save.click()

    assert shop.verdict_on(ANALYTICS) == "FIRED granted"
    assert shop.allows("analytics")
    assert not shop.allows("marketing")
    expect(shop.happened).to_have_count(1)


def test_scripts_run_in_the_order_of_the_page_each_once(visitor):
    site = visitor.visit_site(
        "other", note("data-consent", "first"), note("data-consent", "second")
    )

    site.accept()

    assert site.page.evaluate("window.notes") == ["first", "second"]


def test_a_script_that_comes_after_the_choice_runs_too(visitor):
    site = visitor.visit_site("other")
    site.accept()

    site.page.evaluate(
        """(html) => {
          const range = document.createRange();
          document.head.append(range.createContextualFragment(html));
        }""",
        note("data-consent", "late"),
    )

    eventually(lambda: site.page.evaluate("window.notes"), ["late"].__eq__)


def test_a_script_without_the_nonce_of_the_banner_stays_held(visitor):
    """Else whoever injects markup could have us run what the page's policy forbids."""
    site = visitor.visit_site(
        "other",
        note('nonce="one" data-consent', "listed"),
        note("data-consent", "injected"),
        nonce="one",
    )

    site.accept()

    assert site.page.evaluate("window.notes") == ["listed"]


def test_a_script_of_a_vendor_waits_for_that_vendor(visitor):
    site = visitor.visit_site(
        "other",
        note("data-consent", "not in the notice", "analytics:nobody"),
        note("data-consent", "of another purpose", "analytics:other-press"),
        note("data-consent", "of this one", "analytics:plausible"),
    )

    site.accept()

    assert site.page.evaluate("window.notes") == ["of this one"]


def note(attribute, word, purpose="analytics"):
    """Return a held script that notes that it ran."""
    return (
        f'<script type="text/plain" {attribute}="{purpose}">'
        f'(window.notes ??= []).push("{word}")</script>'
    )
