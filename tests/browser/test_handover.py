import pytest
from playwright.sync_api import expect

from tests.browser.page import STOPPED, Center
from tests.browser.visitor import kept_by

pytestmark = pytest.mark.browser

EVERYTHING = "Allowed now: Convenience, Analytics, and Marketing"
UNKNOWN = "This page does not know your answer"


@pytest.fixture
def stolen(new_visitor):
    """Return the secret of somebody else, who allowed everything."""
    somebody = new_visitor()
    somebody.visit_shop().accept()
    return somebody.cookies()["consent_hummingbytes_secret"]


def test_a_secret_in_a_link_from_nowhere_is_ignored(visitor, town, stolen):
    center = visitor.visit_center(f"{town.preferences}#secret={stolen}")

    expect(center.page).to_have_url(town.preferences)
    assert_unknown(visitor, center)


def test_a_secret_from_a_page_of_another_site_is_ignored(visitor, town, stolen):
    site = visitor.visit_site("other")

    site.page.evaluate(
        "(address) => location.assign(address)", f"{town.preferences}#secret={stolen}"
    )

    center = Center(site.page)
    expect(center.page).to_have_url(town.preferences)
    expect(center.back).to_be_hidden()
    assert_unknown(visitor, center)


def test_an_answer_that_is_there_is_never_replaced_but_offered_another(visitor):
    answer_in_the_center(visitor, "Convenience", "Allow")
    shop = visitor.visit_shop()
    shop.accept()

    center = shop.follow_to_center()
    expect(center.summary).to_have_text("Allowed now: Convenience")
    center.other_answer.click()

    expect(center.summary).to_have_text(EVERYTHING)


def test_the_answer_that_gave_way_can_be_had_back(visitor):
    answer_in_the_center(visitor, "Convenience", "Allow")
    shop = visitor.visit_shop()
    shop.accept()
    center = shop.follow_to_center()
    center.other_answer.click()
    expect(center.summary).to_have_text(EVERYTHING)

    center.other_answer.click()

    expect(center.summary).to_have_text("Allowed now: Convenience")


def test_a_no_that_was_said_there_is_not_replaced_either(visitor):
    answer_in_the_center(visitor, "Analytics", "Do not allow")
    shop = visitor.visit_shop()
    shop.accept()

    center = shop.follow_to_center()

    expect(center.state("analytics")).to_contain_text("you said no")
    expect(center.other_answer).to_be_visible()


def test_who_looks_and_changes_nothing_leaves_nothing_behind(visitor, shop):
    shop.banner.preferences.click()
    center = Center(shop.page)
    expect(center.back).to_be_visible()
    center.wait_for_hand_over()

    back = center.go_back_to_shop()

    assert visitor.cookies() == {}
    assert back.send_event_anyway() == "HELD missing"
    assert kept_by(back.page) == []
    expect(back.banner.reject).to_be_visible()


def assert_unknown(visitor, center):
    """Check that the page took nothing from the link, nor does when it is back."""
    center.page.reload()
    expect(center.page.get_by_text(UNKNOWN)).to_be_visible()
    asked = visitor.asked(visitor.town.places.service)
    assert not [one for one in asked if one.startswith("POST")]


def test_a_link_on_the_page_hands_over_as_well(visitor, shop):
    """Else a withdrawal over there would stop nothing here."""
    shop.accept()
    shop.page.get_by_role("link", name="Privacy settings").click()
    center = Center(shop.page)
    center.wait_for_hand_over()

    center.withdraw.click()
    expect(center.said).to_contain_text("Recorded")

    assert center.go_back_to_shop().send_event_anyway() in STOPPED


def test_who_comes_from_nowhere_is_told_where_the_answer_is(visitor):
    visitor.visit_shop().accept()

    center = visitor.visit_center()

    expect(center.summary).to_have_text(UNKNOWN)
    expect(center.withdraw).to_have_count(0)
    expect(center.page.get_by_role("link", name="shop.localhost")).to_be_visible()


def answer_in_the_center(visitor, purpose, name):
    """Answer for one purpose in the preference center, without coming from the shop."""
    center = visitor.visit_center()
    center.answer(purpose, name).click()
    expect(center.said).to_contain_text("Recorded")
