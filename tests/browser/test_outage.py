import pytest
from playwright.sync_api import expect

from tests.browser.page import Shop, Site, eventually

pytestmark = pytest.mark.browser

UNSENT = "will be sent when the connection is back"
SCRIPT = "**/banner.js"
DIALOG = "**/dialog.js?*"
EARLY = """
  window.consent = window.consent || [];
  consent.push(({ allows }) => allows("analytics"));
  addEventListener("load", () => consent.push(({ open }) => open()));
"""
ADDED = """<script>
  addEventListener("load", () => {
    const script = document.createElement("script");
    script.src = "%s";
    document.head.append(script);
  });
</script>"""


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


@pytest.mark.parametrize(
    "answer",
    [lambda route: route.abort(), lambda route: route.fulfill(status=500, body="{}")],
    ids=["blocked", "failing"],
)
def test_without_the_script_the_page_works_and_nothing_is_released(visitor, answer):
    """It may be the network, the service, or an ad blocker."""
    visitor.context.add_init_script(EARLY)
    visitor.context.route(SCRIPT, answer)

    shop = visitor.visit_shop(banner=False)

    assert shop.send_event_anyway() == "HELD missing"
    link = shop.page.get_by_role("link", name="Privacy settings")
    link.click()
    expect(shop.page.get_by_role("heading", level=1)).to_have_text("Privacy settings")
    assert visitor.exceptions == []


def test_while_the_script_is_on_its_way_the_page_works(visitor):
    waiting = []
    visitor.context.route(SCRIPT, lambda route: waiting.append(route))
    shop = Shop(visitor.context.new_page())
    shop.page.goto(visitor.town.places.shop.address, wait_until="domcontentloaded")

    assert shop.send_event_anyway() == "HELD missing"
    expect(shop.banner.root).to_have_count(0)
    waiting[0].continue_()

    shop.banner.accept.click()
    shop.wait_until_recorded()


def test_a_page_that_adds_the_script_when_it_has_loaded_does_not_wait_for_it(visitor):
    waiting = []
    visitor.context.route(SCRIPT, lambda route: waiting.append(route))
    script = f"{visitor.town.places.service.address}/other/banner.js"
    site = Site(visitor.context.new_page())

    address = visitor.town.open_site("other", ADDED % script)

    with site.page.expect_request(SCRIPT):
        site.page.goto(address, wait_until="load")

    expect(site.banner.root).to_have_count(0)
    waiting[0].continue_()
    site.reject()


def test_the_click_is_answered_before_the_service_does(visitor, shop):
    waiting = visitor.delay_the_service()

    with shop.page.expect_request("**/records"):
        shop.banner.accept.click()

    expect(shop.banner.reopen).to_be_visible()
    assert shop.allows("analytics")
    expect(shop.banner.status).to_be_empty()
    waiting[0].continue_()
    shop.wait_until_recorded()


def test_settings_that_cannot_be_fetched_can_be_opened_later(visitor, shop):
    visitor.context.route(DIALOG, lambda route: route.abort())
    with shop.page.expect_event("requestfailed"):
        shop.banner.settings.click()
    visitor.context.unroute(DIALOG)

    shop.banner.settings.click()

    expect(shop.dialog.root).to_be_visible()
    assert visitor.exceptions == []


def test_a_choice_is_sent_although_the_page_is_closed_in_the_middle(
    visitor, town, shop
):
    number = town.mark()
    with town.stalled_service():
        with shop.page.expect_request("**/records"):
            shop.banner.accept.click()
        shop.page.close()

    eventually(lambda: town.records_after(number), [number + 1].__eq__)
    visitor.visit_shop().wait_until_recorded()
    assert town.records_after(number) == [number + 1]


def test_a_choice_that_was_not_sent_goes_with_the_next_visit(visitor, town, shop):
    number = town.mark()
    visitor.lose_the_service()
    shop.banner.accept.click()
    expect(shop.banner.status).to_contain_text(UNSENT)
    shop.page.close()

    visitor.find_the_service()
    visitor.visit_shop().wait_until_recorded()

    assert town.records_after(number) == [number + 1]
