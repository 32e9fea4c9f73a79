"""From the visitor's click to what fires: a yes passes, and a withdrawal stops it."""

from contextlib import ExitStack

import pytest
from playwright.sync_api import expect
from werkzeug.wrappers import Response

from tests.browser.page import Site
from tests.gateway import sdks
from tests.gateway.following import SOON_SECONDS, eventually, serving
from tests.gateway.front import make_service, standing

pytestmark = pytest.mark.browser

SEND = """(url) => fetch(url, {
  method: "POST", mode: "no-cors", credentials: "include", body: "from the page",
})"""
STOPPED = {"python": "withdrawn", "node": "withdrawn", "nginx": 403}


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """Return an empty database of each kind: each is written to in its own way."""
    fixtures = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}
    return request.getfixturevalue(fixtures[request.param])


@pytest.fixture
def shop(chromium):
    """Return a function that opens a page of the site in a browser of its own."""
    with ExitStack() as stack:

        def open_page(address):
            context = chromium.new_context(locale="en-US")
            stack.callback(context.close)
            context.set_default_timeout(5000)
            page = context.new_page()
            page.goto(address)
            site = Site(page)
            site.banner.root.wait_for()
            return site

        yield open_page


def page_with_banner(script):
    """Return the app whose every page embeds the banner."""
    html = f'<!doctype html><title>Shop</title><script src="{script}" async></script>'
    return Response(html, content_type="text/html; charset=utf-8")


@pytest.fixture
def way(tmp_path, free_ports, database_url):
    """Run a service of two processes, a page with the banner, nginx and both SDKs."""
    (page_port,) = free_ports(1)
    origin = f"http://shop.localhost:{page_port}"
    service = make_service(
        tmp_path, free_ports, database_url, origins=[origin], workers=2
    )
    banner = f"http://consent.localhost:{service.port}/shop/banner.js"
    with ExitStack() as stack:
        stack.enter_context(serving(page_with_banner(banner), page_port))
        front = stack.enter_context(standing(tmp_path, service, free_ports, ["nginx"]))
        front.start()
        ask = {
            kind: stack.enter_context(sdks.running(kind)).follow(service.address)
            for kind in sdks.COMMANDS
        }
        yield origin, front, ask


def test_what_a_visitor_allowed_passes_and_what_was_withdrawn_is_stopped(way, shop):
    origin, front, ask = way
    page = shop(origin)
    collect = f"http://shop.localhost:{front.ports['nginx']}/collect"

    def verdicts(token):
        return {one: asked(token) for one, asked in ask.items()} | front.statuses(token)

    page.page.evaluate(SEND, collect)
    page.accept()
    token = page.token()
    page.page.evaluate(SEND, collect)
    eventually(
        lambda: verdicts(token), {"python": "granted", "node": "granted", "nginx": 202}
    )

    center = page.follow_to_center()
    center.withdraw.click()
    expect(center.said).to_contain_text("Recorded as number")

    eventually(lambda: verdicts(token), STOPPED, SOON_SECONDS)
    assert front.events.count("from the page") == 1
    again = [front.send("nginx", "again", Consent_Token=token) for _ in range(8)]
    assert again == [403] * 8
