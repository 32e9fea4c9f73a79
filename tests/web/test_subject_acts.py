"""What the secret's holder gets over HTTP."""

import json

import pytest

from consent.domain import receipts
from consent.services import keys
from consent.services.notices import publish
from tests.factories import ORIGIN, SECRET, make_notice, site_file, vendor
from tests.web.asking import assert_problem, post, record, size, verdict, withdraw
from tests.web.conftest import OTHER_ORIGIN

ACTS = ["history", "export", "erasure"]
STRANGER = {"secret": "f" * 32}
MINE = {"secret": SECRET}


BOTH_DATABASES = pytest.mark.parametrize(
    "database_url", ["sqlite", "postgresql"], indirect=True
)


@pytest.fixture
def database_url(request):
    """Return an empty database, of SQLite unless a test asks for both kinds."""
    fixtures = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}
    return request.getfixturevalue(fixtures[getattr(request, "param", "sqlite")])


@pytest.fixture
def token(client):
    """Record a grant, then a refusal; return the newest token."""
    record(client, {"analytics": "granted"})
    return record(client, {"marketing": "refused"}, after=1)["token"]


def numbers(history):
    return [one["number"] for one in history.json["records"]]


def test_history_is_all_records_newest_first_with_the_address_of_each_receipt(
    client, token
):
    record(client, {"analytics": "granted"}, **STRANGER)

    answer = post(client, "history", MINE)

    assert numbers(answer) == [2, 1]
    newest = answer.json["records"][0]
    assert newest["decisions"] == {"analytics": "granted", "marketing": "refused"}
    assert newest["action"] == "changed"
    assert newest["receipt"] == "https://consent.example/v1/shop/records/2"


@BOTH_DATABASES
def test_an_export_is_complete_and_proves_itself_with_the_published_key(
    client, token, app
):
    """Under two notices, a withdrawal included: each under the one it was made on."""
    vendors = [*site_file()["vendors"], vendor("new", "analytics")]
    runtime = app.extensions["consent"]
    publish(runtime, make_notice(vendors=vendors))
    withdraw(client, token)
    (key,) = keys.verifier_keys(runtime, "shop")

    answer = post(client, "export", MINE)

    assert answer.mimetype == "application/ld+json"
    verified = [receipts.verify(one, key) for one in receipts.read(answer.data)]
    assert [one.record.number for one in verified] == [4, 2, 1]
    assert [one.publication.version for one in verified] == [2, 1, 1]
    assert SECRET not in answer.text
    assert token not in answer.text


@BOTH_DATABASES
def test_after_an_erasure_there_is_nothing_and_the_token_reads_withdrawn(
    client, token, shop
):
    answer = post(client, "erasure", MINE)

    assert answer.json == {"site": "shop", "number": 3, "erased": [1, 2]}
    assert verdict(client, "analytics", token) == (403, "withdrawn")
    for act in ("head", *ACTS):
        assert_problem(post(client, act, MINE), 404, "unknown_record")
    address = "/v1/shop/records/1"
    missing = client.get(address, headers={"Consent-Secret": SECRET})
    assert_problem(missing, 404, "unknown_record")
    assert size(shop) == 4


def test_an_erasure_leaves_everybody_else_alone(client, token):
    other = record(client, {"analytics": "granted"}, **STRANGER)["token"]

    post(client, "erasure", MINE)

    assert verdict(client, "analytics", other) == (200, "granted")
    (document,) = receipts.read(post(client, "export", STRANGER).data)
    assert receipts.verify(document).record.number == 3


@pytest.mark.parametrize("act", ACTS)
def test_only_a_known_secret_gets_anything(client, token, act, shop):
    assert_problem(post(client, act, STRANGER), 404, "unknown_record")
    for body in ({}, {"secret": token}, {"token": token}, {**MINE, "token": token}):
        assert_problem(post(client, act, body), 400, "malformed_body")
    assert size(shop) == 3


@pytest.mark.parametrize("act", ACTS)
def test_only_the_sites_own_pages_may_ask_and_read(client, token, act, shop):
    for origin in (None, "null", "https://evil.example", f"{ORIGIN}.evil.example"):
        refused = post(client, act, MINE, origin=origin)
        assert_problem(refused, 403, "forbidden_origin")
        assert "Access-Control-Allow-Origin" not in refused.headers
    assert_problem(client.get(f"/v1/shop/{act}"), 405, "method_not_allowed")
    assert size(shop) == 3

    answer = post(client, act, MINE)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Cache-Control"] == "no-store"


def test_another_site_knows_nobody_by_the_same_secret(client, token, other):
    answer = post(client, "history", MINE, site="other", origin=OTHER_ORIGIN)

    assert_problem(answer, 404, "unknown_record")


def test_a_choice_is_answered_with_the_address_of_its_receipt(client):
    granted = record(client, {"analytics": "granted"})
    nobody = record(client, {"analytics": "refused"}, secret=None)

    assert granted["receipt"] == "https://consent.example/v1/shop/records/1"
    assert "receipt" not in nobody


def test_a_receipt_is_for_its_own_subject_alone(client, token):
    def ask(number=1, **headers):
        return client.get(f"/v1/shop/records/{number}", headers=headers)

    mine = ask(**{"Consent-Secret": SECRET})

    assert mine.mimetype == "application/ld+json"
    assert mine.headers["Cache-Control"] == "no-store"
    assert receipts.verify(json.loads(mine.data)).record.number == 1
    record(client, {"analytics": "refused"}, secret=None)
    for answer in (
        ask(),
        ask(**{"Consent-Secret": "f" * 32}),
        ask(**{"Consent-Secret": token}),
        ask(**{"Consent-Secret": SECRET.upper()}),
        ask(**{"Consent-Token": token}),
        ask(0, **{"Consent-Secret": SECRET}),
        ask(3, **{"Consent-Secret": SECRET}),
        ask(99, **{"Consent-Secret": SECRET}),
    ):
        assert_problem(answer, 404, "unknown_record")
