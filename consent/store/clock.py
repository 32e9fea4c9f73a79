"""The service's clock: it never steps back, whatever the machine's clock does."""

import time
from datetime import UTC, datetime


class Clock:
    """Wall time carried on by monotonic time; only ever corrected forwards.

    A clock that steps back would let an expired token live again.
    """

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def seconds(self) -> float:
        """Return seconds since the epoch."""
        monotonic = time.monotonic()
        self._offset = max(self._offset, time.time() - monotonic)
        return monotonic + self._offset

    def now(self) -> datetime:
        """Return the same moment as an aware UTC datetime."""
        return datetime.fromtimestamp(self.seconds(), UTC)
