"""A service whose site has ten million entries, so that gateways can follow it."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import time
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from benchmarks.listening import free_port, in_thread
from consent.domain.feed import (
    LEDGER_SIZE,
    LIST_BYTES,
    Changes,
    Snapshot,
    pack_statuses,
)
from consent.gateway.service import Service
from examples.demo.places import SITE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ENTRIES = 10_000_000
# One of the four that two bits can say is no status: byte by byte, it is 0 instead.
_STATUSES = bytes(byte & ~(byte & 0xAA & ~((byte & 0x55) << 1)) for byte in range(256))


class Tall:
    """Tells what a real service tells, of a ledger as long; its statuses are random."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = replace(snapshot, size=ENTRIES)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer as the service does."""
        body = msgspec.json.encode(self._told(environ["PATH_INFO"]))
        headers = [("Content-Length", str(len(body))), (LEDGER_SIZE, str(ENTRIES))]
        start_response("200 OK", headers)
        return [body]

    def _told(self, path: str) -> object:
        if path.endswith("/state"):
            return self._snapshot
        if path.endswith("/changes"):
            return self._changes()
        # Nothing packs worse.
        return pack_statuses(os.urandom(LIST_BYTES).translate(_STATUSES))

    def _changes(self) -> Changes:
        known = self._snapshot
        return Changes(
            origin=known.origin,
            size=known.size,
            last_at=known.last_at,
            now=time(),
            as_of=time(),
            keys=known.keys,
            changes=(),
        )


@contextmanager
def tall(address: str) -> Iterator[str]:
    """Serve until the block ends, like the service at an address; yields its own."""
    told, port = Tall(Service(address, SITE).snapshot()), free_port()
    with in_thread(told, port):
        yield f"http://127.0.0.1:{port}"
