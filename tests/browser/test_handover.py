import pytest
from playwright.sync_api import expect

from tests.browser.page import Center
from tests.browser.visitor import kept_by

pytestmark = pytest.mark.browser

UNKNOWN = "This page knows of no answer of yours"


@pytest.fixture
def stolen(new_visitor):
    """Return the secret of somebody else, who allowed everything."""
    somebody = new_visitor()
    somebody.visit_shop().accept()
    return somebody.cookies()["consent_hummingbytes_secret"]


def test_a_secret_in_a_link_from_nowhere_is_ignored(visitor, town, stolen):
    center = visitor.visit_center(f"{town.preferences}#secret={stolen}")

    expect(center.page).to_have_url(town.preferences)
    expect(center.page.get_by_text(UNKNOWN)).to_be_visible()
    assert "POST" not in " ".join(visitor.asked(town.places.service))


def test_a_secret_from_a_page_of_another_site_is_ignored(visitor, town, stolen):
    site = visitor.visit_site("other")

    site.page.evaluate(
        "(address) => location.assign(address)", f"{town.preferences}#secret={stolen}"
    )

    center = Center(site.page)
    expect(center.page).to_have_url(town.preferences)
    expect(center.page.get_by_text(UNKNOWN)).to_be_visible()
    expect(center.back).to_be_hidden()


def test_an_answer_that_is_there_is_never_replaced_but_offered_another(visitor, shop):
    own = visitor.visit_center()
    own.answer("Convenience", "Allow").click()
    expect(own.summary).to_have_text("Allowed now: Convenience")
    shop.accept()

    center = shop.follow_to_center()
    expect(center.summary).to_have_text("Allowed now: Convenience")
    center.other_answer.click()

    expect(center.summary).to_have_text(
        "Allowed now: Convenience, Analytics, and Marketing"
    )


def test_the_answer_that_gave_way_can_be_had_back(visitor, shop):
    own = visitor.visit_center()
    own.answer("Convenience", "Allow").click()
    expect(own.summary).to_have_text("Allowed now: Convenience")
    shop.accept()
    center = shop.follow_to_center()
    center.other_answer.click()
    expect(center.summary).to_contain_text("Marketing")

    center.other_answer.click()

    expect(center.summary).to_have_text("Allowed now: Convenience")


def test_a_no_that_was_said_there_is_not_replaced_either(visitor, shop):
    own = visitor.visit_center()
    own.answer("Analytics", "Do not allow").click()
    expect(own.said).to_contain_text("Recorded")
    shop.accept()

    center = shop.follow_to_center()

    expect(center.state("analytics")).to_contain_text("you said no")
    expect(center.other_answer).to_be_visible()


def test_who_looks_and_changes_nothing_leaves_nothing_behind(visitor, shop):
    shop.banner.preferences.click()
    center = Center(shop.page)
    expect(center.back).to_be_visible()

    back = center.go_back_to_shop()

    assert visitor.cookies() == {}
    assert back.send_event_anyway() == "HELD missing"
    assert kept_by(back.page) == []
    expect(back.banner.reject).to_be_visible()
