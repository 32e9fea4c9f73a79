"""What an operator sets, as visitors and proxies notice it."""

import runpy
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from consent.app import create_app
from tests.web.asking import size
from tests.web.filling import fields

PAGE = "/shop/preferences"
HERE = {"Origin": "http://localhost"}
FORWARDED = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "shop.example",
    "X-Forwarded-Prefix": "/_consent",
}
BEHIND = {"Origin": "https://shop.example"}
OLD, NEW = "o" * 32, "n" * 32
YEARS = "max-age=63072000"
ENTRY = Path(__file__).parents[2] / "wsgi.py"


@contextmanager
def visited(shop, **changes):
    """Yield a browser of sorts, and the service that it visits set up like this."""
    app = create_app(replace(shop.settings, **changes))
    yield app.test_client()
    app.extensions["consent"].close()


def allow(client, action, headers):
    """Allow analytics by the form of the page; return the answer."""
    page = client.get(PAGE, headers=headers).text
    sent = fields(page, action) | {"decision": "granted"}
    return client.post(f"{PAGE}/analytics", data=sent, headers=headers)


def test_behind_a_trusted_proxy_the_pages_live_where_visitors_see_them(shop):
    with visited(shop, proxies=1) as client:
        sent = FORWARDED | BEHIND
        answer = allow(client, f"/_consent{PAGE}/analytics", sent)

    assert answer.status_code == 303
    assert answer.location == f"/_consent{PAGE}#purpose-analytics"


def test_without_one_nobody_tells_us_where_we_are(shop):
    with visited(shop) as client:
        answer = allow(client, f"{PAGE}/analytics", FORWARDED | BEHIND)

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("secrets", "remembered"), [((OLD, NEW), True), ((NEW,), False)]
)
def test_a_session_outlives_a_new_secret_while_the_old_one_is_listed(
    shop, secrets, remembered
):
    with visited(shop, secret_keys=(OLD,)) as client:
        allow(client, f"{PAGE}/analytics", HERE)
        cookie = client.get_cookie("consent_session").value

    with visited(shop, secret_keys=secrets) as client:
        client.set_cookie("consent_session", cookie)
        page = client.get(PAGE).text

    assert ("Allowed by you on" in page) is remembered


def test_on_https_cookies_stay_on_https_and_browsers_do_not_leave_it(shop):
    with visited(shop, https=True) as client:
        answer = client.get(PAGE)

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-consent=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert f"; {part}" in cookie
    assert answer.headers["Strict-Transport-Security"] == YEARS


def test_on_http_neither_is_said(shop):
    with visited(shop) as client:
        answer = client.get(PAGE)

    assert "Secure" not in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" not in answer.headers


def test_an_oversized_form_is_refused(client, shop):
    action = f"{PAGE}/analytics"
    sent = fields(client.get(PAGE).text, action) | {"decision": "granted"}

    answer = client.post(action, data=sent | {"more": "x" * 70_000}, headers=HERE)

    assert answer.status_code == 413
    assert answer.mimetype == "text/html"
    assert size(shop) == 1


def test_servers_of_other_makes_find_the_service_in_wsgi(shop, monkeypatch):
    monkeypatch.setenv("CONSENT_DATABASE_URL", shop.settings.database_url)
    monkeypatch.setenv("CONSENT_SECRET_KEYS", NEW)
    monkeypatch.setenv("CONSENT_CHECKPOINT_GUARD", shop.settings.checkpoint_guard)

    app = runpy.run_path(str(ENTRY))["app"]

    assert app.test_client().get("/healthz").json == {"status": "alive"}
    app.extensions["consent"].close()
