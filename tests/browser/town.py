"""The service, the shop and the gateway, each under a name that browsers resolve."""

import io
import json
import os
import re
import signal
import threading
from contextlib import ExitStack, contextmanager
from socket import create_server

import yaml
from rich.console import Console
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from consent.services.languages import catalogues
from examples.demo.gateway import create_gateway
from examples.demo.places import SITE, SITE_FILES, Place, Places
from examples.demo.serve import Quiet
from examples.demo.shop import create_shop
from tests.browser.sites import (
    SISTERS,
    WIDE_DOMAIN,
    WIDE_HOSTS,
    in_languages,
    in_one_language,
    of_all_hosts,
    of_sisters,
    with_parts,
    with_signals,
)
from tests.factories import body, fresh_key
from tests.running import Service

LANGUAGES = {"arabic": "ar", "japanese": "ja", "galician": "gl"}
PARTS = {
    "changing": {},
    "members": {"accounts": True},
    "embeds": {"embeds": True},
    "reloading": {"reload_on_withdrawal": True},
    "blocking": {"blocking": "hold"},
    "reporting": {"blocking": "report"},
}
ENTRY = re.compile(r"^│ (\d+) +│ record ", re.MULTILINE)


class Town:
    """Three programs that know each other's addresses, and how to ask the ledger."""

    def __init__(self, folder):
        servers = [make_quiet_server() for _ in ("shop", "gateway")]
        self._shop, self._gateway = servers
        ports = [free_port(), *(server.server_port for server in servers)]
        names = ("consent", "shop", "gateway")
        self.places = Places(
            *(
                Place(name, "", f"{name}.localhost", "127.0.0.1", port)
                for name, port in zip(names, ports, strict=True)
            ),
            folder,
        )
        database = f"sqlite:///{folder / 'consent.sqlite'}"
        self.service = Service(folder, ports[0], database)
        self._serving = ExitStack()
        self._process = None
        self._pages = {}

    @property
    def preferences(self):
        """The address of the preference center."""
        return f"{self.places.service.address}/{SITE}/preferences"

    def origin(self, name):
        """Return the origin of a page of another site."""
        return f"http://{name}.localhost:{self.places.shop.port}"

    def prepare(self):
        """Publish the site files, with the addresses of this town."""
        texts = {
            path.stem: self.places.rewritten(path.read_text("utf-8"))
            for path in SITE_FILES
        }
        other = texts["other"]
        for site, locale in LANGUAGES.items():
            texts[site] = in_one_language(other, site, self.origin(site), locale)
        for site, parts in PARTS.items():
            texts[site] = with_parts(other, site, self.origin(site), **parts)
        texts["many"] = in_languages(other, "many", self.origin("many"), catalogues())
        texts["wide"] = of_all_hosts(other, "wide", WIDE_DOMAIN, WIDE_HOSTS)
        sisters = [self.origin(name) for name in SISTERS]
        texts["sisters"] = of_sisters(other, "sisters", sisters)
        texts["signals"] = with_signals(other, "signals", self.origin("signals"))
        files = [self.places.folder / f"{site}.yaml" for site in texts]
        for file, text in zip(files, texts.values(), strict=True):
            file.write_text(text, "utf-8")
        self.service.set_up(*files)

    def publish_again(self, name, **changes):
        """Publish another notice of a site."""
        file = self.places.folder / f"{name}.yaml"
        file.write_text(yaml.safe_dump(yaml.safe_load(file.read_text()) | changes))
        self.service.run("site", "publish", file)

    def open_shop(self):
        """Let the shop know where the others are."""
        service, gateway = self.places.service, self.places.gateway
        shop = create_shop(service.address, gateway.address)

        def by_name(environ, start_response):
            page = self._pages.get(f"http://{environ['HTTP_HOST']}")
            app = Response(page[0], headers=page[1]) if page else shop
            return app(environ, start_response)

        self._shop.app = by_name

    def open_site(self, name, head, body="", headers=None):
        """Serve a page of another site; return its address."""
        origin = self.origin(name)
        html = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
        kind = {"Content-Type": "text/html; charset=utf-8"}
        self._pages[origin] = html, kind | (headers or {})
        return f"{origin}/"

    def open_gateway(self):
        """Open the gateway with an empty list of events."""
        service, shop = self.places.service, self.places.shop
        terminal = Console(file=io.StringIO())
        self._gateway.app = create_gateway(
            service.direct, shop.address, console=terminal
        )

    @contextmanager
    def running(self):
        """Run all three until the block ends."""
        self.open_shop()
        with ExitStack() as stack:
            for server in (self._shop, self._gateway):
                stack.enter_context(serving(server))
            stack.callback(self.stop_service)
            self.start_service()
            yield self

    def start_service(self):
        """Start the service, as it is or again."""
        self._process = self._serving.enter_context(self.service.serving())

    def stop_service(self):
        """End the service; its ledger stays."""
        self._serving.close()

    @contextmanager
    def stalled_service(self):
        """Let the service answer nothing of what it is sent until the block ends."""
        os.killpg(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self._process.pid, signal.SIGCONT)

    def verdict(self, token, purpose="analytics"):
        """Return what a gateway is told about a token."""
        path = f"/v1/{SITE}/check/{purpose}"
        status, headers, _ = self.service.ask(
            "GET", path, None, {"Consent-Token": token}
        )
        return status, headers["Consent-Verdict"]

    def mark(self):
        """Make a record of somebody else; return its number, to count from."""
        path, origin = f"/v1/{SITE}/records", self.places.shop.address
        choice = body({"analytics": "granted"}, secret=fresh_key())
        _, _, answer = self.service.ask("POST", path, choice, {"Origin": origin})
        return json.loads(answer)["number"]

    def records_after(self, number):
        """Return the numbers of the records above a number."""
        shown = self.service.run("ledger", "show", SITE, "--from", number + 1)
        return [int(found) for found in ENTRY.findall(shown)]


def make_quiet_server():
    """Return a server on a free port, whose app is yet to come."""
    return make_server(
        "127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=Quiet
    )


@contextmanager
def serving(server):
    """Serve in a thread until the block ends."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def free_port():
    """Return a free port of the loopback address."""
    with create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
