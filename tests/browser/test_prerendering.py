"""A page that the browser prepares before anybody visits it.

Playwright forbids prerendering wherever it is attached, so that this browser is started
without it, and its pages tell what they do to a server of the test.
"""

import os
import signal
import subprocess
from queue import Empty, Queue
from tempfile import TemporaryDirectory
from threading import Event

import pytest
from werkzeug.wrappers import Request, Response

from tests.browser.town import make_quiet_server, serving

pytestmark = pytest.mark.browser

PATIENCE_SECONDS = 20
SCRIPT = """
  const banner = () => document.querySelector("consent-banner");
  const say = (what) => navigator.sendBeacon("/said",
    `${location.pathname} ${document.prerendering ? "prepared" : "visited"}: ${what}`);
  const look = () => say(banner() ? "a banner" : "no banner");
"""
HELD = '<script type="text/plain" data-consent="analytics">say("a tag ran")</script>'
# The first page accepts everything, has the next one prepared, and later goes there.
FIRST = """
  const begin = async () => {
    banner().querySelector("[name=accept]").click();
    const rules = document.createElement("script");
    rules.type = "speculationrules";
    const prerender = [{ urls: ["/next"], eagerness: "immediate" }];
    rules.text = JSON.stringify({ prerender });
    document.head.append(rules);
    await fetch("/when");
    location.href = "/next";
  };
"""
NEXT = """
  const begin = () => {
    look();
    document.addEventListener("prerenderingchange", look);
  };
"""


class Pages:
    """Two pages with the banner, and what they said."""

    def __init__(self, script):
        self.said = Queue()
        self.may_go = Event()
        self._script = script

    def __call__(self, environ, start_response):
        """Answer a request of the browser."""
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request):
        if request.path == "/said":
            self.said.put(request.get_data(as_text=True))
            return Response(status=204)
        if request.path == "/when":
            self.may_go.wait(PATIENCE_SECONDS)
            return Response(status=204)
        own = {"/": FIRST, "/next": NEXT}.get(request.path, "")
        tag = f'<script src="{self._script}" async onload="begin()"></script>'
        html = f"<!doctype html><script>{SCRIPT}{own}</script>{tag}{HELD}"
        return Response(html, mimetype="text/html")

    def hear(self, count):
        """Return the next things said, in no order: each comes in its own request."""
        heard = set()
        while len(heard) < count:
            try:
                heard.add(self.said.get(timeout=PATIENCE_SECONDS))
            except Empty:
                pytest.fail(f"heard {heard}")
        return heard


@pytest.fixture
def pages(request, town, chromium_options):
    """Open the first page in a browser that nobody remote-controls."""
    site = getattr(request, "param", "other")
    server = make_quiet_server()
    server.app = pages = Pages(f"{town.places.service.address}/{site}/banner.js")
    with TemporaryDirectory() as profile, serving(server):
        process = subprocess.Popen(
            [
                chromium_options["executable_path"],
                *chromium_options["args"],
                "--headless=new",
                f"--user-data-dir={profile}",
                f"http://other.localhost:{server.server_port}/",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        yield pages
        pages.may_go.set()
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_the_banner_does_nothing_until_the_page_is_visited(pages):
    """Not even with a choice that allows it: no tag runs for who may never come."""
    assert pages.hear(2) == {"/ visited: a tag ran", "/next prepared: no banner"}

    pages.may_go.set()

    assert pages.hear(2) == {"/next visited: a banner", "/next visited: a tag ran"}


@pytest.mark.parametrize("pages", ["blocking"], indirect=True)
def test_where_tags_of_listed_hosts_are_held_the_script_is_there_before_them(pages):
    assert "/next prepared: a banner" in pages.hear(3)
