"""Listen on this machine: on a free port, and in a thread."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socket import create_server
from typing import TYPE_CHECKING

from werkzeug.serving import make_server

from examples.demo.serve import Quiet

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def free_port() -> int:
    """Return a port that nobody listens on."""
    with create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def in_thread(app: "WSGIApplication", port: int) -> Iterator[None]:
    """Serve an app on a port until the block ends."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
