"""NOTIFY as a wake-up: PostgreSQL says when there is something new to follow."""

import logging
import threading

import psycopg

from consent.store.database import CHANNEL, Database

RETRY_SECONDS = 1.0
log = logging.getLogger(__name__)


class Listener:
    """Sets an event whenever another process has committed entries."""

    def __init__(self, database: Database, wake: threading.Event) -> None:
        self._own = database.name
        dsn = database.url.set(drivername="postgresql")
        self._dsn = dsn.render_as_string(hide_password=False)
        self._wake = wake
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        """Listen in the background from now on."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except psycopg.Error as exc:
                # Polling is the net: entries arrive all the same, only later.
                log.warning("not listening: %s", type(exc).__name__)
                self._stopping.wait(RETRY_SECONDS)

    def _listen(self) -> None:
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            while not self._stopping.is_set():
                for told in connection.notifies(timeout=0.5, stop_after=1):
                    if told.payload != self._own:
                        self._wake.set()
