"""NOTIFY after commits: by a thread of its own, so that no writer waits for it."""

import logging
import threading

from consent.errors import Unavailable
from consent.store.database import Database

PAUSE_SECONDS = 0.01
"""What is committed meanwhile shares the next notification."""

log = logging.getLogger(__name__)


class Notifier:
    """Tells the followers of other processes on PostgreSQL that there is news."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notifier", daemon=True)
        self._thread.start()

    def tell(self) -> None:
        """Have them told soon; never raises, never waits."""
        self._news.set()

    def close(self) -> None:
        """Tell what is not told yet, then stop."""
        self._stopping.set()
        self._news.set()
        self._thread.join()

    def _run(self) -> None:
        while self._news.is_set() or not self._stopping.is_set():
            self._news.wait()
            self._news.clear()
            self._notify()
            self._stopping.wait(PAUSE_SECONDS)

    def _notify(self) -> None:
        try:
            self._database.notify()
        except Unavailable as exc:
            log.warning("others hear of this at their next poll: %s", exc)
