"""Send requests when they are due, however late the answers: an open loop."""

import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from select import select
from time import monotonic
from urllib.parse import urlsplit

CONNECTIONS = 64
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_WELL = b"HTTP/1.1 20"


def latencies(
    address: str, requests: Sequence[bytes], rate: float, seconds: float
) -> list[float]:
    """Return the seconds from when each request was due until its answer was read.

    Raises RuntimeError if one failed.
    """
    with _connected(address) as idle:
        return list(_paced(idle, requests, rate, int(rate * seconds)))


def _paced(
    idle: list[socket.socket], requests: Sequence[bytes], rate: float, total: int
) -> Iterator[float]:
    began, sent = monotonic(), 0
    waiting: dict[socket.socket, float] = {}
    while sent < total or waiting:
        due = began + sent / rate
        while idle and sent < total and due <= monotonic():
            connection = idle.pop()
            connection.sendall(requests[sent % len(requests)])
            waiting[connection] = due
            sent += 1
            due = began + sent / rate
        pause = max(0, due - monotonic()) if idle and sent < total else 10
        readable, _, _ = select(list(waiting), [], [], pause)
        for connection in readable:
            _read(connection)
            yield monotonic() - waiting.pop(connection)
            idle.append(connection)


def _read(connection: socket.socket) -> None:
    answer = b""
    while not _is_whole(answer):
        chunk = connection.recv(65_536)
        if not chunk:
            raise RuntimeError("a connection was closed")
        answer += chunk
    if not answer.startswith(_WELL):
        raise RuntimeError(f"a request failed: {answer[:200]!r}")


def _is_whole(answer: bytes) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)


@contextmanager
def _connected(address: str) -> Iterator[list[socket.socket]]:
    place = urlsplit(address)
    with ExitStack() as stack:
        connections = [
            socket.create_connection((str(place.hostname), place.port or 80))
            for _ in range(CONNECTIONS)
        ]
        for one in connections:
            stack.enter_context(one)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield connections
