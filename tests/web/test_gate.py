import pytest

from consent.services.notices import switch
from tests.web.asking import record, verdict

GRANT = {"analytics": "granted", "marketing": "granted"}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["", "/", "/collect/v2?page=1"])
def test_any_method_and_any_path_below_is_a_check(client, method, path):
    """Envoy appends the path it guards; Traefik and Caddy pass the method on."""
    token = record(client, GRANT)["token"]
    address = f"/v1/shop/check/analytics{path}"

    answer = client.open(address, method=method, headers={"Consent-Token": token})

    assert answer.status_code == 200
    assert answer.headers["Consent-Verdict"] == "granted"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.fixture
def proxy(app):
    """Return a client that passes cookies on as they came."""
    return app.test_client(use_cookies=False)


def test_the_sites_own_cookie_is_a_token_too(proxy):
    token = record(proxy, GRANT)["token"]
    cookie = f"theme=dark; consent_shop={token}; consent_shop_secret=x"

    assert verdict(proxy, "analytics", Cookie=cookie) == (200, "granted")


@pytest.mark.parametrize("order", [1, -1])
def test_of_several_cookies_all_must_allow(proxy, order):
    yes = record(proxy, GRANT)["token"]
    no = record(proxy, {"analytics": "refused"}, secret=None)["token"]
    cookie = "; ".join(f"consent_shop={token}" for token in [yes, no][::order])

    assert verdict(proxy, "analytics", Cookie=cookie) == (403, "refused")


@pytest.mark.parametrize("order", [1, -1])
def test_of_several_tokens_in_the_header_all_must_allow(client, order):
    """Proxies join headers of one name by commas."""
    yes = record(client, GRANT)["token"]
    no = record(client, {"analytics": "refused"}, secret=None)["token"]

    assert verdict(client, "analytics", f"{yes}, {yes}") == (200, "granted")
    both = ", ".join([yes, no][::order])
    assert verdict(client, "analytics", both) == (403, "refused")


def test_a_token_in_the_address_is_no_token(client):
    token = record(client, GRANT)["token"]

    answer = client.get(f"/v1/shop/check/analytics?token={token}")

    assert answer.headers["Consent-Verdict"] == "missing"


def test_gpc_is_honoured(client):
    token = record(client, GRANT)["token"]

    assert verdict(client, "marketing", token, **{"Sec-GPC": "1"}) == (403, "signal")
    assert verdict(client, "marketing", token, **{"Sec-GPC": "0"}) == (200, "granted")


def test_a_vendor_can_be_asked_about(client):
    token = record(client, GRANT, vendors={"marketing:ads": "refused"})["token"]

    def asked(vendor):
        answer = client.get(
            f"/v1/shop/check/marketing?vendor={vendor}",
            headers={"Consent-Token": token},
        )
        return answer.headers["Consent-Verdict"]

    assert [asked(v) for v in ("ads", "maps", "matomo", "")] == [
        "refused",
        "granted",
        "unknown",
        "unknown",
    ]


def test_two_vendors_at_once_are_no_vendor(client):
    token = record(client, GRANT)["token"]
    address = "/v1/shop/check/marketing?vendor=ads&vendor=maps"

    answer = client.get(address, headers={"Consent-Token": token})

    assert answer.headers["Consent-Verdict"] == "unknown"


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        ("necessary", (200, "necessary")),
        ("analytics", (403, "missing")),
        ("audience", (200, "uncontested")),
        ("telepathy", (403, "unknown")),
        ("", (403, "unknown")),
    ],
)
def test_without_a_token_the_basis_decides(client, purpose, expected):
    assert verdict(client, purpose) == expected


def test_an_unknown_site_is_denied(client):
    answer = client.get("/v1/nowhere/check/analytics")

    assert answer.status_code == 403
    assert answer.headers["Consent-Verdict"] == "unknown"


@pytest.mark.parametrize("token", ["pending", "a.b.c", "é", "x" * 5_000, ","])
def test_what_is_no_token_is_denied(client, token):
    assert verdict(client, "analytics", token) == (403, "invalid")


def test_the_operators_switch_stops_a_purpose_for_everybody(client, app):
    token = record(client, GRANT)["token"]
    runtime = app.extensions["consent"]

    switch(runtime, "shop", purpose="analytics", vendor=None, lifted=False)
    stopped = verdict(client, "analytics", token)
    switch(runtime, "shop", purpose="analytics", vendor=None, lifted=True)

    assert stopped == (403, "suspended")
    assert verdict(client, "analytics", token) == (200, "granted")


def test_a_state_too_old_denies(client, app):
    token = record(client, GRANT)["token"]
    follower = app.extensions["consent"].follower
    follower.close()
    follower.state("shop").as_of -= 61

    assert verdict(client, "analytics", token) == (403, "stale")
    assert client.get("/readyz").status_code == 200


def test_many_checks_at_once_keep_their_order(client):
    token = record(client, GRANT | {"analytics": "refused"})["token"]
    asked = [
        {"purpose": "marketing", "token": token},
        {"purpose": "analytics", "token": token},
        {"purpose": "marketing", "vendor": "maps", "token": token},
        {"purpose": "analytics"},
        {"purpose": "telepathy"},
    ]

    answer = client.post("/v1/shop/checks", json={"checks": asked})

    assert answer.status_code == 200
    assert [(v["allowed"], v["reason"]) for v in answer.json["verdicts"]] == [
        (True, "granted"),
        (False, "refused"),
        (True, "granted"),
        (False, "missing"),
        (False, "unknown"),
    ]
