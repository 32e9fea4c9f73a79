"""A receiver of webhooks on this machine: what it was sent, and what it answers."""

import base64
import hmac
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEYS = [bytes(range(32)), bytes(range(1, 33))]
KEY_TEXTS = tuple(f"whsec_{base64.b64encode(key).decode()}" for key in KEYS)


class Receiver(ThreadingHTTPServer):
    """Keeps each message with its headers; answers with the statuses in turn."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.statuses = []
        self.got = []
        self.location = None

    @property
    def address(self):
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}/hook?from=consent"

    def messages(self):
        """Return the messages that came, as they were said."""
        return [json.loads(body) for _, _, body in self.got]


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.server.got.append((self.path, self.headers, body))
        status = self.server.statuses.pop(0) if self.server.statuses else 204
        self.send_response(status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_):
        """Be quiet."""


@contextmanager
def receiving():
    """Serve a receiver until the block ends."""
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def verified(headers, body, key):
    """Tell whether a message was signed with a key, as its receiver finds out."""
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, said, "sha256")).decode()
    return f"v1,{signature}" in headers["webhook-signature"].split(" ")
