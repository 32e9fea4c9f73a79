"""The whole path, on each kind of database: publish, choose, check, withdraw."""

import pytest

from consent.app import create_app
from consent.services.notices import publish, switch
from tests.factories import SECRET, make_notice, site_file, vendor
from tests.web.asking import post, record, verdict, withdraw

GRANT = {"analytics": "granted", "marketing": "granted"}


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    fixtures = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}
    return request.getfixturevalue(fixtures[request.param])


def test_from_notice_to_choice_to_check_to_withdrawal(client):
    notice = client.get("/v1/shop/notice").json
    assert notice["version"] == 1

    token = record(client, GRANT)["token"]
    assert verdict(client, "analytics", token) == (200, "granted")

    assert withdraw(client, token, "analytics").status_code == 201
    assert verdict(client, "analytics", token) == (403, "withdrawn")

    newest = post(client, "head", {"secret": SECRET}).json["token"]
    assert verdict(client, "analytics", newest) == (403, "refused")
    assert verdict(client, "marketing", newest) == (200, "granted")


def test_a_material_change_denies_what_was_granted_before_it(client, app):
    runtime = app.extensions["consent"]
    token = record(client, GRANT)["token"]

    vendors = [*site_file()["vendors"], vendor("new", "analytics")]
    publish(runtime, make_notice(vendors=vendors))

    assert verdict(client, "analytics", token) == (403, "outdated")
    assert verdict(client, "marketing", token) == (200, "granted")


def test_another_process_hears_of_a_withdrawal_and_of_the_switch(client, shop):
    token = record(client, GRANT)["token"]
    second = create_app(shop.settings)
    others = second.test_client()
    assert verdict(others, "analytics", token) == (200, "granted")

    withdraw(client, token, "analytics")
    switch(shop, "shop", purpose="marketing", vendor=None, lifted=False)
    second.extensions["consent"].follower.poll()

    assert verdict(others, "analytics", token) == (403, "withdrawn")
    assert verdict(others, "marketing", token) == (403, "suspended")
    second.extensions["consent"].close()
