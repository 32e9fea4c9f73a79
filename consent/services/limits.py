"""How often one network may ask, told without keeping who asked.

A network is counted in cells of a table of fixed size, picked by a keyed hash whose
key is made at random, used for an hour, and never leaves the process. A cell holds a
moment, nothing else: neither addresses nor hashes of them can be read from it.
"""

import logging
from array import array
from hashlib import blake2b
from secrets import token_bytes
from threading import Lock

log = logging.getLogger(__name__)

KEY_SECONDS = 3600.0
CELLS = 65_536
_ROWS = 2
_LOG_SECONDS = 60.0


class Budget:
    """So many requests at once, and as many again each minute, for each network.

    Networks that share a cell in one row rarely share one in the other, and the more
    lenient of them decides.
    """

    def __init__(self, name: str, per_minute: int) -> None:
        self._name = name
        self._seconds_each = 60.0 / per_minute if per_minute else 0.0
        self._lock = Lock()
        self._key, self._key_until = b"", 0.0
        self._paid_until: list[array[float]] = []
        self._refused, self._logged_at = 0, -_LOG_SECONDS

    def wait_seconds(self, network: bytes, now: float) -> float:
        """Spend one request; return 0, or how long to wait if none is left."""
        if not self._seconds_each:
            return 0.0
        with self._lock:
            self._renew(now)
            cells = self._cells(network)
            rows = list(zip(self._paid_until, cells, strict=True))
            paid_until = max(now, min(row[cell] for row, cell in rows))
            wait = paid_until + self._seconds_each - now - 60.0
            # A minute's worth is a sum of many small parts.
            if wait > 1e-6:
                self._count(now)
                return wait
            for row, cell in rows:
                row[cell] = max(row[cell], paid_until + self._seconds_each)
        return 0.0

    def _renew(self, now: float) -> None:
        if self._key and now < self._key_until:
            return
        self._key, self._key_until = token_bytes(32), now + KEY_SECONDS
        self._paid_until = [array("d", bytes(8 * CELLS)) for _ in range(_ROWS)]

    def _cells(self, network: bytes) -> list[int]:
        hashed = blake2b(network, digest_size=2 * _ROWS, key=self._key).digest()
        pairs = [hashed[start : start + 2] for start in range(0, len(hashed), 2)]
        return [int.from_bytes(pair) for pair in pairs]

    def _count(self, now: float) -> None:
        self._refused += 1
        if now - self._logged_at >= _LOG_SECONDS:
            self._logged_at = now
            log.warning(
                "%s: %d refused above the limit since the start",
                self._name,
                self._refused,
            )
