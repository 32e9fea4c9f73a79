"""Follow one site: a snapshot first, then its changes, and how fresh that is."""

import logging
import time

from consent.domain.feed import Changes, Snapshot, joined, read_keys, state_of
from consent.domain.state import SiteState
from consent.errors import SnapshotNeeded, Unavailable
from consent.gateway.service import Service

log = logging.getLogger(__name__)


class Following:
    """What is known of a site. One thread polls, any thread reads.

    The service's clock is `ahead_seconds` of our monotonic one.
    """

    def __init__(self, service: Service, max_stale_seconds: float) -> None:
        self.service = service
        self._max_stale = max_stale_seconds
        self.state: SiteState | None = None
        self.ahead_seconds = -time.monotonic()
        self._told_at = 0.0

    def poll(self) -> None:
        """Take in what is new; raises Unavailable if that cannot be told for sure."""
        try:
            self._catch_up()
        except SnapshotNeeded as exc:
            log.warning("starting from a snapshot: %s", exc)
            try:
                self._catch_up()
            except SnapshotNeeded as again:
                raise Unavailable(str(again)) from again

    def resume(self, snapshot: Snapshot, statuses: bytes) -> None:
        """Go on from a state that was kept; it is stale until the service answers.

        Raises ValueError if it is damaged.
        """
        self.state = state_of(snapshot, statuses, self._max_stale)

    def _catch_up(self) -> None:
        state = self.state = self.state or self._started()
        while not self._is_up_to_date(state):
            pass

    def _is_up_to_date(self, state: SiteState) -> bool:
        sent = time.monotonic()
        try:
            told = self.service.changes(state.size - 1)
            self._take_in(state, told)
        except (SnapshotNeeded, ValueError) as exc:
            # What we hold is not what the ledger says now: nothing rests on it.
            self.state = None
            raise SnapshotNeeded(str(exc)) from exc
        if state.size < told.size:
            return False
        self._freshen(state, told, sent)
        return True

    def _take_in(self, state: SiteState, told: Changes) -> None:
        if told.origin != state.origin or told.size < state.size:
            raise SnapshotNeeded("the ledger is another one")
        if not told.changes and state.size < told.size:
            raise SnapshotNeeded(f"change {state.size} is missing")
        for change in told.changes:
            state.apply(change)
        state.trust(read_keys(told.keys))

    def _freshen(self, state: SiteState, told: Changes, sent: float) -> None:
        """Believe an answer's clocks, unless it may be one that was kept on the way."""
        if told.now > self._told_at:
            self._told_at = told.now
            self.ahead_seconds = told.now - sent
            state.as_of = told.as_of

    def _started(self) -> SiteState:
        """Return the state of now, which is not fresh yet; raises Unavailable."""
        snapshot = self.service.snapshot()
        lists = [self.service.status_list(index) for index in range(snapshot.lists)]
        try:
            return state_of(snapshot, joined(lists), self._max_stale)
        except ValueError as exc:
            raise Unavailable(str(exc)) from exc
