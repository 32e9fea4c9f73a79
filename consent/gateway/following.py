"""Follow one site: a snapshot first, then its changes, and how fresh that is."""

import logging
import time
from typing import NamedTuple, NoReturn

from consent.domain.checks import SETTLING_SECONDS
from consent.domain.feed import Changes, Snapshot, joined, read_keys, state_of
from consent.domain.state import SiteState
from consent.errors import AnotherLedger, SnapshotNeeded, Unavailable
from consent.gateway.service import Service

log = logging.getLogger(__name__)


class _Seen(NamedTuple):
    """The longest that a ledger was told to be, and as of when."""

    origin: str = ""
    size: int = 0
    as_of: float = 0.0


class Following:
    """What is known of a site. One thread polls, any thread reads.

    The service's clock is `ahead_seconds` of our monotonic one. `last_at` is when the
    newest entry was made, as the service told: by it the service tells whether what is
    known is of the ledger that it has now.
    """

    def __init__(self, service: Service, max_stale_seconds: float) -> None:
        self.service = service
        self._max_stale = max_stale_seconds
        self.state: SiteState | None = None
        self.last_at = 0
        self.ahead_seconds = -time.monotonic()
        self._told_at = 0.0
        self._seen = _Seen()
        self._behind_since: float | None = None
        self._void_origin: str | None = None

    def poll(self) -> None:
        """Take in what is new; raises Unavailable if that cannot be told for sure."""
        heard_before = self._told_at
        try:
            self._catch_up()
            if not heard_before:
                # One answer may be an old one that was kept on the way.
                self._catch_up()
        except AnotherLedger as exc:
            self._give_up(str(exc))
        except SnapshotNeeded as exc:
            self._start()
            if self._behind_since is None:
                log.warning("started from a snapshot: %s", exc)
            try:
                self._catch_up()
            except (AnotherLedger, SnapshotNeeded) as again:
                raise Unavailable(str(again)) from again

    def resume(self, snapshot: Snapshot, statuses: bytes) -> None:
        """Go on from a state that was kept; it is stale until the service answers.

        Raises ValueError if it is damaged.
        """
        self.state = state_of(snapshot, statuses, self._max_stale)
        self.last_at = snapshot.last_at
        self._seen = _Seen(snapshot.origin, snapshot.size, snapshot.as_of)

    def _catch_up(self) -> None:
        if self.state is None:
            self._start()
        while self.state and not self._is_up_to_date(self.state):
            pass

    def _is_up_to_date(self, state: SiteState) -> bool:
        sent = time.monotonic()
        told = self.service.changes(state.size - 1, self.last_at)
        if told.origin == state.origin and told.size < state.size:
            raise SnapshotNeeded("the ledger is shorter than it was")
        try:
            self._take_in(state, told)
            if state.size == told.size:
                self._freshen(state, told, sent)
        except ValueError as exc:
            # What we hold is not what the ledger says now: nothing rests on it.
            self.state = None
            raise SnapshotNeeded(str(exc)) from exc
        return state.size == told.size

    def _take_in(self, state: SiteState, told: Changes) -> None:
        if told.origin != state.origin:
            raise ValueError("the ledger is another one")
        if not told.changes and state.size < told.size:
            raise ValueError(f"change {state.size} is missing")
        # A process forked meanwhile must not tell the time of another entry.
        self.last_at = 0
        for change in told.changes:
            state.apply(change)
        self.last_at = told.last_at
        self._seen = _Seen(state.origin, state.size, told.as_of)

    def _freshen(self, state: SiteState, told: Changes, sent: float) -> None:
        """Believe an answer that is newer than one heard before.

        Raises ValueError if its keys are damaged.
        """
        self._behind_since = None
        heard_before, keys = self._told_at, read_keys(told.keys)
        if told.now <= heard_before:
            return
        self._told_at = told.now
        self.ahead_seconds = told.now - sent
        if heard_before:
            state.trust(keys)
            # What was known later than it was told is not to be believed.
            state.as_of = min(told.as_of, told.now)

    def _start(self) -> None:
        """Start from the state of now, which is not fresh yet; raises Unavailable."""
        try:
            snapshot = self.service.snapshot()
        except Unavailable:
            self.state = None
            raise
        if snapshot.origin == self._void_origin:
            raise Unavailable("the ledger, which lost entries, has no new origin yet")
        seen = self._seen
        if snapshot.origin == seen.origin and snapshot.size < seen.size:
            if snapshot.as_of <= seen.as_of:
                raise Unavailable("a process of the service is late")
            self._fall_behind(snapshot.size)
            return
        known = self.state
        if known and snapshot.origin == known.origin and snapshot.reaches(known.size):
            raise Unavailable("a process of the service is late")
        self.state = None
        indexes = range(snapshot.lists)
        lists = [self.service.status_list(i, snapshot.size) for i in indexes]
        try:
            self.resume(snapshot, joined(lists))
        except ValueError as exc:
            raise Unavailable(str(exc)) from exc

    def _fall_behind(self, size: int) -> None:
        """Believe nothing for now: another process of the service may be a moment late.

        Raises Unavailable if it stays so.
        """
        now = time.monotonic()
        self._behind_since = self._behind_since or now
        if now - self._behind_since > SETTLING_SECONDS:
            self._give_up(f"of {self._seen.size} entries there are {size} left")

    def _give_up(self, why: str) -> NoReturn:
        """Believe this ledger never again; raises Unavailable.

        The numbers that it lost are given anew: tokens would pass for others'. Under
        another origin it is another ledger, whose keys did not sign them.
        """
        self.state, self._void_origin = None, self._seen.origin
        raise Unavailable(why)
