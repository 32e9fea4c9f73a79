"""What the tests of gateways follow: a service over real HTTP, which may be spoilt."""

import threading
import time
from contextlib import contextmanager

from werkzeug.serving import WSGIRequestHandler, make_server

PATIENCE_SECONDS = 10


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


def eventually(read, wanted):
    """Read until the value is what is wanted, or fail with the last one."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (value := read()) != wanted:
        assert time.monotonic() < deadline, f"still {value!r}"
        time.sleep(0.01)
