"""What the tests of gateways follow: a service over real HTTP, which may be spoilt."""

import threading
import time
from contextlib import contextmanager

from werkzeug.serving import WSGIRequestHandler, make_server

PATIENCE_SECONDS = 10
SOON_SECONDS = 2
"""A second is promised; the machine may be doing much else."""


class Quiet(WSGIRequestHandler):
    """Keeps connections open, as servers do, and logs nothing."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code="-", size="-"):
        """Log nothing."""


class Between:
    """What stands between gateways and the service: at first nothing does.

    Below any path the service is the same, so that gateways can be told apart.
    """

    def __init__(self, app):
        self.app = app
        self.spoil = lambda path, answer: answer

    def __call__(self, environ, start_response):
        told = []
        # What may be spoilt has to be read.
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        path = environ["PATH_INFO"]
        environ["PATH_INFO"] = path[path.index("/v1/") :]
        body = b"".join(self.app(environ, lambda *head: told.extend(head)))
        answer = self.spoil(path, body)
        status, headers = told[0], dict(told[1])
        if answer is None:
            answer = 502
        if isinstance(answer, int):
            status, answer = f"{answer} Spoilt", b""
        headers["Content-Length"] = str(len(answer))
        start_response(status, list(headers.items()))
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


def eventually(read, wanted, seconds=PATIENCE_SECONDS):
    """Read until the value is what is wanted, or fail with the last one."""
    deadline = time.monotonic() + seconds
    while (value := read()) != wanted:
        assert time.monotonic() < deadline, f"still {value!r}"
        time.sleep(0.01)
