import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

UNSENT = "will be sent when the connection is back"


def test_without_the_service_a_no_counts_all_the_same(visitor, shop):
    visitor.lose_the_service()

    shop.banner.reject.click()

    expect(shop.banner.status).to_contain_text(UNSENT)
    shop.page.reload()
    expect(shop.banner.reopen).to_be_visible()
    assert not shop.allows("analytics")
    shop.send_event_anyway()
    expect(shop.happened).to_have_count(1)


def test_without_the_service_a_yes_is_kept_and_fires_nothing(visitor, shop):
    visitor.lose_the_service()

    shop.banner.accept.click()

    expect(shop.banner.status).to_contain_text(UNSENT)
    assert visitor.cookies()["consent_hummingbytes"] == "pending"
    assert shop.send_event_anyway() == "HELD missing"


def test_what_was_chosen_offline_is_sent_once_when_the_connection_is_back(
    visitor, town, shop
):
    number = town.mark()
    visitor.context.set_offline(True)
    shop.banner.accept.click()
    expect(shop.banner.status).to_contain_text(UNSENT)

    visitor.context.set_offline(False)

    shop.wait_until_recorded()
    expect(shop.banner.status).to_be_empty()
    assert shop.send_event_anyway() == "FIRED granted"
    shop.page.reload()
    shop.wait_until_recorded()
    assert town.records_after(number) == [number + 1]


def test_an_outage_of_the_service_loses_nothing_and_repeats_nothing(
    visitor, town, shop
):
    number = town.mark()
    town.stop_service()
    shop.banner.accept.click()
    expect(shop.banner.status).to_contain_text(UNSENT)
    shop.page.goto(shop.page.url + "privacy")
    expect(shop.page.get_by_role("heading", level=1)).to_have_text("Privacy policy")

    town.start_service()
    shop.page.reload()

    shop.wait_until_recorded()
    assert shop.send_event_anyway() == "FIRED granted"
    assert town.records_after(number) == [number + 1]


def test_an_answer_that_got_lost_on_its_way_makes_no_second_record(visitor, town, shop):
    number = town.mark()
    visitor.lose_answers()
    shop.banner.accept.click()
    expect(shop.banner.status).to_contain_text(UNSENT)

    visitor.find_the_service()
    shop.come_back()

    shop.wait_until_recorded()
    assert town.records_after(number) == [number + 1]


def test_choices_that_wait_are_sent_in_the_order_in_which_they_were_made(
    visitor, town, shop
):
    number = town.mark()
    visitor.lose_the_service()
    shop.banner.accept.click()
    shop.open_dialog()
    shop.dialog.reject.click()
    expect(shop.banner.status).to_contain_text(UNSENT)

    visitor.find_the_service()
    shop.come_back()

    shop.wait_until_recorded()
    assert town.records_after(number) == [number + 1, number + 2]
    assert shop.send_event_anyway() == "HELD refused"


def test_a_service_that_fails_is_asked_again(visitor, town, shop):
    visitor.meet_failures(503)
    shop.banner.accept.click()
    expect(shop.banner.status).to_contain_text(UNSENT)

    visitor.find_the_service()
    shop.come_back()

    shop.wait_until_recorded()
    assert shop.send_event_anyway() == "FIRED granted"


def test_without_the_script_the_page_works_and_nothing_is_released(visitor):
    visitor.context.route("**/banner.js", lambda route: route.abort())

    shop = visitor.visit_shop(banner=False)

    assert shop.send_event_anyway() == "HELD missing"
    link = shop.page.get_by_role("link", name="Privacy settings")
    link.click()
    expect(shop.page.get_by_role("heading", level=1)).to_have_text("Privacy settings")
