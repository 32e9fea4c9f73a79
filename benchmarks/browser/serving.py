"""The page from one origin, the peers' files from another, the service from a third."""

import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
from werkzeug.wrappers import Request, Response

from benchmarks.browser.banners import BANNERS, HERE, base_of
from benchmarks.listening import free_port, in_thread
from examples.demo.places import Place, Places
from examples.demo.preparation import CONSENT, environment, prepare
from examples.demo.processes import end, start, wait_until_ready

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

TYPES = {".js": "text/javascript", ".css": "text/css"}
SECTION = (
    "<h2>Part {}</h2>\n" + "<p>What a page of this kind goes on to tell.</p>\n" * 4
)
SECTIONS = "\n".join(SECTION.format(number) for number in range(1, 41))
STRICT = (
    "default-src 'none'; base-uri 'none'; script-src 'nonce-{nonce}' 'strict-dynamic';"
    " style-src 'nonce-{nonce}' {origins}; img-src data: {origins};"
    " connect-src {origins}"
)
POLICIES = {
    "strict": STRICT,
    "trusted": f"{STRICT}; require-trusted-types-for 'script'",
}


@dataclass(frozen=True)
class Pages:
    """Serves the page with each banner, and the files of the peers, as brotli."""

    service: Place
    port: int
    files: Mapping[str, bytes]

    def address(self, key: str, policy: str = "") -> str:
        """Return the address of the page with a banner, under a policy."""
        query = f"?policy={policy}" if policy else ""
        return f"http://shop.localhost:{self.port}/{key}{query}"

    @property
    def files_origin(self) -> str:
        """The origin of the peers' files."""
        return f"http://files.localhost:{self.port}"

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer by the name that was asked."""
        request = Request(environ)
        if request.host.startswith("files."):
            response = self._file(request.path)
        else:
            response = self._page(request)
        return response(environ, start_response)

    def _file(self, path: str) -> Response:
        body = self.files.get(path)
        if body is None:
            return Response(status=404)
        headers = {"Content-Encoding": "br", "Access-Control-Allow-Origin": "*"}
        return Response(body, headers=headers, mimetype=TYPES[Path(path).suffix])

    def _page(self, request: Request) -> Response:
        key = request.path[1:]
        if key not in BANNERS:
            return Response(status=404)
        nonce = secrets.token_urlsafe(16)
        base = base_of(key, self.service, self.files_origin)
        html = (HERE / "page.html").read_text("utf-8")
        html = html.replace("{head}", BANNERS[key].head(base, nonce))
        html = html.replace("{sections}", SECTIONS).replace("{nonce}", nonce)
        headers = {"Content-Encoding": "br"}
        if policy := POLICIES.get(request.args.get("policy", "")):
            origins = f"{self.service.address} {self.files_origin}"
            headers["Content-Security-Policy"] = policy.format(
                nonce=nonce, origins=origins
            )
        return Response(
            brotli.compress(html.encode()), headers=headers, mimetype="text/html"
        )


@contextmanager
def serving(folder: Path, files: Mapping[str, bytes]) -> Iterator[Pages]:
    """Run the service and the server of pages until the block ends."""
    shop = Place("page", "", "shop.localhost", "127.0.0.1", free_port())
    service = Place("service", "", "consent.localhost", "127.0.0.1", free_port())
    places = Places(service, shop, shop, folder)
    compressed = {path: brotli.compress(body) for path, body in files.items()}
    pages = Pages(service, shop.port, compressed)
    prepare(places)
    with _running_service(places), in_thread(pages, pages.port):
        yield pages


@contextmanager
def _running_service(places: Places) -> Iterator[None]:
    log = places.folder / "service.log"
    child = start(places.service, [*CONSENT, "serve"], environment(places), log)
    try:
        wait_until_ready([child], threading.Event())
        yield
    finally:
        end([child])
