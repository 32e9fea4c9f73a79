import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_nothing_goes_wrong_on_the_way_through_everything(visitor, town, shop):
    shop.banner.settings.click()
    shop.dialog.switch("Analytics").check()
    shop.dialog.save.click()
    shop.wait_until_recorded()
    shop.page.reload()
    center = shop.follow_to_center()
    center.answer("Marketing", "Allow").click()
    expect(center.said).to_contain_text("Recorded as number")
    center.withdraw.click()
    expect(center.summary).to_have_text("Nothing is allowed now")
    back = center.go_back_to_shop()
    back.change("Reject all")

    assert visitor.errors == []
