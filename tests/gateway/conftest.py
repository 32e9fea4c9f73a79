"""A service over real HTTP, with something in between that can spoil what it says."""

import threading
from contextlib import contextmanager

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from consent.gateway import Gateway
from tests.factories import SITE


class Quiet(WSGIRequestHandler):
    """Keeps connections open, as servers do, and logs nothing."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code="-", size="-"):
        """Log nothing."""


class Between:
    """What stands between gateways and the service: at first nothing does."""

    def __init__(self, app):
        self._app = app
        self.spoil = lambda path, answer: answer

    def __call__(self, environ, start_response):
        told = []
        body = b"".join(self._app(environ, lambda *head: told.extend(head)))
        answer = self.spoil(environ["PATH_INFO"], body)
        status = told[0] if answer is not None else "502 Bad Gateway"
        answer = answer or b""
        start_response(
            status,
            [
                ("Content-Type", "application/json"),
                ("Content-Length", str(len(answer))),
            ],
        )
        return [answer]


@contextmanager
def serving(app, port=0):
    """Serve an app over HTTP until the block ends; yields its address."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def database_url(sqlite_url):
    """Return an empty SQLite database: what is followed is the same on each kind."""
    return sqlite_url


@pytest.fixture
def between(app):
    """Return what stands between gateways and the service."""
    return Between(app)


@pytest.fixture
def address(between):
    """Serve; return the address."""
    with serving(between) as found:
        yield found


@pytest.fixture
def make_gateway(address):
    """Return a function that starts a gateway, which is closed at the end."""
    made = []

    def make(url=address, site=SITE, **options):
        gateway = Gateway(url, site, poll_seconds=0.02, **options).start()
        made.append(gateway)
        return gateway

    yield make
    for gateway in made:
        gateway.close()


@pytest.fixture
def gateway(make_gateway):
    """Return a gateway that has heard of the service."""
    made = make_gateway()
    assert made.wait(10)
    return made
