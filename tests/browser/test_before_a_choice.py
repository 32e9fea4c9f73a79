import pytest

from tests.browser.visitor import kept_by

pytestmark = pytest.mark.browser


def test_before_a_choice_nothing_is_stored_and_only_the_script_is_fetched(
    visitor, town
):
    shop = visitor.visit_shop()

    assert visitor.asked(town.places.gateway) == []
    assert shop.send_event_anyway() == "HELD missing"
    assert visitor.context.cookies() == []
    assert kept_by(shop.page) == []
    assert visitor.asked(town.places.service) == ["GET /hummingbytes/banner.js"]


def test_before_a_choice_nothing_else_is_asked_of_anybody(visitor, town):
    site = visitor.visit_site("other")
    site.page.wait_for_load_state("networkidle")

    assert visitor.everything_asked() == [
        f"GET {site.page.url}",
        f"GET {town.places.service.address}/other/banner.js",
    ]
    assert visitor.context.cookies() == []
    assert kept_by(site.page) == []


def test_a_second_visit_without_a_choice_still_stores_nothing(visitor, shop):
    shop.page.reload()
    shop.banner.reject.wait_for()

    assert visitor.context.cookies() == []
    assert kept_by(shop.page) == []


def test_opening_the_settings_and_leaving_them_is_no_choice(visitor, shop):
    shop.banner.settings.click()
    shop.dialog.switch("Analytics").check()
    shop.dialog.close.click()

    assert shop.send_event_anyway() == "HELD missing"
    assert visitor.context.cookies() == []
    assert kept_by(shop.page) == []
