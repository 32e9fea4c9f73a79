"""Read what a ledger publishes (C2SP tlog-tiles), as anybody can."""

import http.client
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from consent.domain.checkpoints import HASH_BYTES
from consent.domain.tiles import Tile, unbundle
from consent.errors import InvalidProof, NotFound, Unavailable

TIMEOUT_SECONDS = 30
MOST_BYTES = 1 << 20
_CONNECTIONS = {
    "http": http.client.HTTPConnection,
    "https": http.client.HTTPSConnection,
}


class PublishedLog:
    """A ledger at its address, read over one connection. Close it at the end.

    What it is asked for raises NotFound where nothing is published, InvalidProof
    where something else is, and Unavailable where nobody answers.
    """

    def __init__(self, address: str) -> None:
        try:
            url = urlsplit(address)
            port = url.port
        except ValueError as exc:
            raise InvalidProof(f"{address} is no address: {exc}") from exc
        if url.scheme not in _CONNECTIONS or not url.hostname:
            raise InvalidProof(f"{address} is no http address of a ledger")
        self.address = address
        self._base = url.path.rstrip("/")
        self._connection = _CONNECTIONS[url.scheme](
            url.hostname, port, timeout=TIMEOUT_SECONDS
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self._connection.close()

    def checkpoint(self) -> str:
        """Return the newest signed checkpoint."""
        return self._text("checkpoint")

    def keys(self) -> list[str]:
        """Return the verifier keys that it names itself."""
        return self._text("keys").splitlines()

    def hashes(self, tile: Tile) -> list[bytes]:
        """Return the hashes of a tile."""
        found = self._get(f"tile/{tile.level}/{tile.path()}")
        if len(found) != tile.width * HASH_BYTES:
            raise InvalidProof(
                f"tile {tile.level}/{tile.path()} has {len(found)} bytes"
            )
        return [found[i : i + HASH_BYTES] for i in range(0, len(found), HASH_BYTES)]

    def commitments(self, tile: Tile) -> list[bytes]:
        """Return the entries below a tile of leaves."""
        found = unbundle(self._get(f"tile/entries/{tile.path()}"))
        if len(found) != tile.width:
            raise InvalidProof(f"the bundle {tile.path()} has {len(found)} entries")
        return found

    def _text(self, path: str) -> str:
        try:
            return self._get(path).decode()
        except UnicodeDecodeError as exc:
            raise InvalidProof(f"{path} is no text") from exc

    def _get(self, path: str) -> bytes:
        try:
            status, body = self._ask(path)
        except (OSError, http.client.HTTPException):
            # A connection that was kept may have been closed: once more, anew.
            self._connection.close()
            status, body = self._ask_anew(path)
        if status in {404, 410}:
            raise NotFound(f"{path} is not published")
        if status != 200:
            raise Unavailable(f"{path} is answered by {status}")
        if len(body) > MOST_BYTES:
            raise InvalidProof(f"{path} is larger than any part of a ledger")
        return body

    def _ask_anew(self, path: str) -> tuple[int, bytes]:
        try:
            return self._ask(path)
        except (OSError, http.client.HTTPException) as exc:
            self._connection.close()
            raise Unavailable(f"{path} cannot be fetched: {exc!r}") from exc

    def _ask(self, path: str) -> tuple[int, bytes]:
        self._connection.request("GET", f"{self._base}/{path}")
        answer = self._connection.getresponse()
        body = answer.read(MOST_BYTES + 1)
        if not answer.isclosed():
            self._connection.close()
        return answer.status, body
