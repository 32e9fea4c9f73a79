"""Middleware of web apps, in a real server: an event passes only while it may."""

import asyncio
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from consent.gateway.middleware import AsgiMiddleware, WsgiMiddleware
from tests.gateway.following import eventually
from tests.proxies import wait_for
from tests.web.asking import record, withdraw

ROOT = Path(__file__).parents[2]
GRANT = {"analytics": "granted", "marketing": "granted"}
PREFLIGHT = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
WEBSOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
DISGUISES = [
    "//collect",
    "/collect//",
    "/collect/x",
    "/COLLECT",
    "/%63ollect",
    "/%2563ollect",
    "/%252563ollect",
    "/./collect",
    "/x/../collect",
    "/x/%2e%2e/collect",
    "/x/..%2fcollect",
    "/collect/../x",
    "/x/..;/collect",
    "/%5Ccollect",
    "/collect;a=b",
    "/collect%00",
    "/collect%3Fa",
    "//host/collect",
]


@contextmanager
def running(interface, service, port):
    """Run the app of an interface in granian until the block ends."""
    command = [sys.executable, "-m", "granian", "--interface", interface]
    target = ["--port", str(port), f"tests.gateway.guarded:{interface}"]
    with subprocess.Popen(
        [*command, *target], cwd=ROOT, env=os.environ | {"SERVICE": service}
    ) as process:
        try:
            wait_for(port)
            yield
        finally:
            process.terminate()


@pytest.fixture
def asked(request, address, free_port):
    """Run an app; return what asks it."""

    def ask(path, token=None, method="GET", **headers):
        shown = {"Consent-Token": token} if token else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = HTTPConnection("127.0.0.1", free_port, timeout=10)
        connection.request(method, path, headers=shown | named)
        answer = connection.getresponse()
        reason = answer.headers["Consent-Verdict"]
        body = b"" if answer.status == 101 else answer.read()
        connection.close()
        if answer.status == 403:
            assert (body, answer.headers["Content-Length"]) == (b"", "0")
            return reason
        return json.loads(body)["verdict"] if body else answer.status

    with running(request.param, address, free_port):
        yield ask


both = pytest.mark.parametrize("asked", ["wsgi", "asgi"], indirect=True)


@both
def test_an_event_passes_only_while_its_visitor_allows_it(client, asked):
    token = record(client, GRANT)["token"]
    allowed = [True, "granted"]
    eventually(lambda: asked("/collect", token), allowed)

    assert asked("/elsewhere") is None
    assert asked("/collected") is None
    assert asked("/collect") == "missing"
    assert asked("/collect", Cookie=f"a=b; consent_shop={token}") == allowed
    two = f"consent_shop={token}; consent_shop=pending"
    assert asked("/collect", Cookie=two) == "invalid"
    assert asked("/ads/x", token) == allowed
    assert asked("/ads/x", token, Sec_GPC="1") == "signal"
    assert asked("/collect", method="HEAD") == "missing"
    assert asked("/collect", method="OPTIONS") == "missing"
    assert asked("/collect", method="OPTIONS", **PREFLIGHT) is None
    without = {"Access-Control-Request-Method": "POST"}
    assert asked("/collect", method="OPTIONS", **without) == "missing"
    assert asked("/told") == [False, "missing"]
    assert asked("/told", token) == allowed
    passed = {path: asked(path) for path in DISGUISES if asked(path) != "missing"}
    assert not passed
    withdraw(client, token)
    eventually(lambda: asked("/collect", token), "withdrawn")


@pytest.mark.parametrize("asked", ["asgi"], indirect=True)
def test_a_websocket_opens_only_while_its_visitor_allows_it(client, asked):
    token = record(client, GRANT)["token"]

    eventually(lambda: asked("/collect", token, **WEBSOCKET), 101)
    # Refused by the server, which has no reason to tell.
    assert asked("/collect", **WEBSOCKET) is None


PATHS = {"/collect": "analytics", "/app/api": "analytics", "/é": "analytics"}


def test_a_mounted_wsgi_app_is_guarded_by_its_own_paths_and_by_whole_ones(gateway):
    passed = []
    app = WsgiMiddleware(
        lambda environ, _: passed.append(environ) or [], gateway, PATHS
    )

    for mount in ("", "/app"):
        for path in ("/collect", "/api/x", "/app/collect", "/\xc3\xa9", "/"):
            request = {"SCRIPT_NAME": mount, "PATH_INFO": path}
            app({"REQUEST_METHOD": "GET", **request}, lambda *answer: None)

    through = [request["SCRIPT_NAME"] + request["PATH_INFO"] for request in passed]
    assert through == ["/api/x", "/app/collect", "/", "/app/app/collect", "/app/"]


def test_a_mounted_asgi_app_is_too_whether_its_path_is_the_whole_or_not(gateway):
    passed = []

    async def collect(scope, receive, send):
        passed.append((scope["root_path"], scope["path"]))

    async def send(said):
        """Nobody listens."""

    app = AsgiMiddleware(collect, gateway, PATHS)
    request = {"type": "http", "method": "GET", "headers": []}
    for mount in ("", "/app"):
        for path in ("/collect", "/api/x", "/app/collect", "/app/other"):
            scope = {**request, "root_path": mount, "path": path}
            asyncio.run(app(scope, None, send))

    others = [("", "/api/x"), ("", "/app/collect"), ("", "/app/other")]
    assert passed == [*others, ("/app", "/app/other")]
