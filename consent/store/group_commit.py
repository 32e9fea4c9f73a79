"""Group commit: request threads hand in drafts and wait; a batch is one commit."""

import logging
import queue
import threading
from collections.abc import Callable, Sequence

from consent.domain.entries import AnyBody
from consent.errors import ConsentError, Overloaded, Unavailable
from consent.store import writer
from consent.store.clock import Clock
from consent.store.database import Database, is_outage
from consent.store.notifier import Notifier
from consent.store.writer import Draft, Growth

BATCH = 500
WAITING = 5_000
"""A queue this long takes about a second; beyond it we say no at once."""

log = logging.getLogger(__name__)


class Pending:
    """A draft handed in, and whoever waits for what becomes of it.

    A bare lock costs half of what a future does. `tell` is called once it is decided.
    """

    __slots__ = ("_outcome", "_pending", "_tell", "draft")

    def __init__(self, draft: Draft, tell: Callable[[], None] | None) -> None:
        self.draft = draft
        self._tell = tell
        self._outcome: AnyBody | Exception | None = None
        self._pending = threading.Lock()
        self._pending.acquire()

    def answer(self, outcome: AnyBody | Exception) -> None:
        """Let whoever waits go on."""
        self._outcome = outcome
        self._pending.release()
        if self._tell:
            self._tell()

    def result(self) -> AnyBody:
        """Wait for the answer; raises what it is if it is an error."""
        self._pending.acquire()
        if self._outcome is None or isinstance(self._outcome, Exception):
            raise self._outcome or RuntimeError("nobody answered")
        return self._outcome


class GroupCommit:
    """The one writer of a process. An answer means: committed, durably.

    `committed` is called after each commit, before anybody is answered. Nothing is
    appended to a ledger if `require_whole` raises for its site.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        committed: Callable[[Sequence[Growth]], None],
        require_whole: Callable[[str], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._committed = committed
        self._require_whole = require_whole
        # On SQLite there is nobody to tell: each process polls.
        self._notifier = None if database.is_sqlite else Notifier(database)
        self._waiting: queue.SimpleQueue[Pending | None] = queue.SimpleQueue()
        self._closed = False
        self._handing_in = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether somebody is there to write."""
        return self._thread.is_alive()

    def append(self, draft: Draft) -> AnyBody:
        """Append an entry and return its content; durable once this returns.

        Raises Overloaded, Unavailable, KeyReused or UnknownSite.
        """
        return self.hand_in(draft).result()

    def hand_in(self, draft: Draft, tell: Callable[[], None] | None = None) -> Pending:
        """Have an entry appended; the result is for whoever is told, or waits.

        Raises Overloaded or Unavailable.
        """
        self._require_whole(draft.site)
        waiting = Pending(draft, tell)
        with self._handing_in:
            if self._closed:
                raise Unavailable("the service is stopping")
            if self._waiting.qsize() >= WAITING:
                raise Overloaded
            self._waiting.put(waiting)
        return waiting

    def close(self) -> None:
        """Write what is waiting, then stop."""
        with self._handing_in:
            self._closed = True
        self._waiting.put(None)
        self._thread.join()
        if self._notifier:
            self._notifier.close()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch = [first]
            stopping = False
            while len(batch) < BATCH and not self._waiting.empty():
                following = self._waiting.get()
                if following is None:
                    stopping = True
                    break
                batch.append(following)
            self._write(batch)
            if stopping:
                return

    def _write(self, batch: Sequence[Pending]) -> None:
        """Commit a batch; if it fails, halve it, so that one bad draft fails alone."""
        try:
            with self._database.writing() as connection:
                drafts = [one.draft for one in batch]
                outcomes, growth = writer.append(connection, drafts, self._clock.now())
        except Exception as exc:
            self._retry(batch, exc)
            return
        self._follow_own_writes(growth)
        for one, outcome in zip(batch, outcomes, strict=True):
            one.answer(outcome)
        if self._notifier:
            self._notifier.tell()

    def _retry(self, batch: Sequence[Pending], exc: Exception) -> None:
        # Halves would only wait for an outage again, each in its turn.
        if len(batch) == 1 or is_outage(exc):
            log.error("not recorded: %s", exc, exc_info=exc)
            unforeseen = Unavailable("the record could not be written")
            for one in batch:
                one.answer(exc if isinstance(exc, ConsentError) else unforeseen)
            return
        middle = len(batch) // 2
        self._write(batch[:middle])
        self._write(batch[middle:])

    def _follow_own_writes(self, growth: Sequence[Growth]) -> None:
        try:
            self._committed(growth)
        except Exception:
            # What is committed is committed: the follower's next poll sees it.
            log.exception("own writes are followed late")
