from dataclasses import replace

from itsdangerous.encoding import base64_decode
from nacl.signing import VerifyKey

from consent.app import create_app
from consent.domain.tokens import TokenVerifier
from consent.services.notices import publish
from tests.factories import make_notice
from tests.store.concurrency import eventually
from tests.web.asking import assert_problem, record

CHECK = {"purpose": "analytics"}


def test_the_notice_in_force_and_every_earlier_one(client, app):
    publish(app.extensions["consent"], make_notice(term_days=30))

    newest, first = client.get("/v1/shop/notice"), client.get("/v1/shop/notice/1")

    assert (newest.json["version"], newest.json["notice"]["term_days"]) == (2, 30)
    assert (first.json["version"], first.json["notice"]["term_days"]) == (1, None)
    assert first.json["since"] == dict.fromkeys(
        ["necessary", "analytics", "marketing", "audience"], 1
    )
    assert "immutable" in first.headers["Cache-Control"]
    assert newest.headers["Cache-Control"] == "public, max-age=60"


def test_what_was_never_published_is_not_found(client):
    assert_problem(client.get("/v1/shop/notice/2"), 404, "not_found")
    assert_problem(client.get("/v1/nowhere/notice"), 404, "unknown_site")
    assert_problem(client.get("/v1/shop/notice/one"), 404, "not_found")


def test_the_public_keys_verify_a_token_without_us(client):
    token = record(client, {"analytics": "granted"})["token"]

    published = client.get("/.well-known/jwks.json").json["keys"]

    keys = {one["kid"]: VerifyKey(base64_decode(one["x"])) for one in published}
    assert TokenVerifier(keys).read(token).number == 1
    assert {one["crv"] for one in published} == {"Ed25519"}


def test_checks_of_the_wrong_shape_are_refused(client):
    assert_problem(
        client.post("/v1/shop/checks", data="[]"), 415, "unsupported_media_type"
    )
    for checks in ([{"token": "x"}], [CHECK | {"ip": "1.2.3.4"}], [CHECK] * 10_001):
        assert_problem(
            client.post("/v1/shop/checks", json={"checks": checks}),
            400,
            "malformed_body",
        )
    assert_problem(
        client.post("/v1/nowhere/checks", json={"checks": []}), 404, "unknown_site"
    )


def test_another_method_is_told_which_one_there_is(client):
    answer = client.get("/v1/shop/checks")

    assert_problem(answer, 405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]


def test_alive_and_ready(client):
    assert client.get("/healthz").json == {"status": "alive"}
    assert client.get("/readyz").json == {"status": "ready", "faults": []}


def test_not_ready_once_nobody_writes(client, app):
    app.extensions["consent"].writer.close()

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json["faults"] == ["writer: stopped"]


def test_not_ready_once_the_ledger_was_not_heard_of_for_long(shop):
    app = create_app(replace(shop.settings, max_stale_seconds=0.1))
    app.extensions["consent"].follower.close()

    def answer():
        return app.test_client().get("/readyz")

    assert eventually(lambda: answer().status_code == 503)
    assert answer().json["faults"] == ["follower: no answer from the database"]
    app.extensions["consent"].close()
