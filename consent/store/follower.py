"""The follower: keeps each site's state current, entry by entry, by number."""

import logging
import threading
from collections import ChainMap
from collections.abc import Iterable

import msgspec
from nacl.signing import VerifyKey
from sqlalchemy import Connection

from consent.domain.feed import Recent, for_gateways
from consent.domain.instants import microseconds
from consent.domain.state import Change, SiteState, change_of
from consent.domain.vocabulary import Use
from consent.errors import Unavailable, UnknownSite
from consent.store import keys, ledger
from consent.store.clock import Clock
from consent.store.database import Database
from consent.store.ledger import SiteRow
from consent.store.listener import Listener
from consent.store.writer import Growth

log = logging.getLogger(__name__)


class Follower:
    """Site states of one process, in memory; polled, woken, or told of own writes."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        poll_seconds: float,
        max_stale: float,
        forks: dict[str, str],
    ) -> None:
        """Follow every site, but believe none that is among `forks`."""
        self._database = database
        self._clock = clock
        self._poll_seconds = poll_seconds
        self._max_stale = max_stale
        self._states: dict[str, SiteState] = {}
        self._recent: dict[str, tuple[SiteState, Recent]] = {}
        self._applying = threading.Lock()
        self._wake = threading.Event()
        self._polled_at = float("-inf")
        self.keys: list[keys.PublicKey] = []
        self._trusted: dict[str, VerifyKey] = {}
        self.damaged: dict[str, str] = {}
        """Sites whose ledger cannot be followed any further, and why."""
        self.faulty = ChainMap(forks, self.damaged)
        """Sites whose ledger is at fault, and why: damaged, or forked."""
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
        self._listener = None if database.is_sqlite else Listener(database, self._wake)

    def start(self) -> None:
        """Follow in the background from now on."""
        self._thread.start()
        if self._listener:
            self._listener.start()

    def close(self) -> None:
        """Stop following."""
        self._stopping = True
        self._wake.set()
        if self._listener:
            self._listener.close()
        if self._thread.is_alive():
            self._thread.join()

    def state(self, site: str) -> SiteState:
        """Return the state of a site that has a notice; raises UnknownSite."""
        state = self._states.get(site)
        if state is None or state.in_force is None:
            raise UnknownSite(site)
        return state

    def recent(self, state: SiteState) -> Recent:
        """Return the newest changes of a state; none if another has replaced it."""
        of, recent = self._recent[state.site]
        return recent if of is state else Recent()

    def require_whole(self, site: str) -> None:
        """Raise Unavailable if a ledger lost or changed entries."""
        if fault := self.faulty.get(site):
            raise Unavailable(f"the ledger is at fault: {fault}")

    def statuses(self, site: str) -> bytes | None:
        """Return the status bits of a site that checks know, unless it is damaged."""
        if site in self.damaged or site not in self._states:
            return None
        return self._states[site].statuses()

    @property
    def sites(self) -> list[str]:
        """The sites that have a notice in force."""
        return [state.site for state in list(self._states.values()) if state.in_force]

    @property
    def age_seconds(self) -> float:
        """How long ago the last answered poll was sent."""
        return self._clock.seconds() - self._polled_at

    def poll(self) -> None:
        """Ask once for new entries, sites and keys; raises Unavailable."""
        sent = self._clock.seconds()
        with self._applying, self._database.reading() as connection:
            self._apply_new(connection)
            self.keys = keys.public_keys(connection, Use.TOKEN)
            self._trusted = {key.kid: key.public for key in self.keys if key.trusted}
            for state in self._states.values():
                self._freshen(state, sent)
        self._polled_at = sent

    def catch_up(self) -> None:
        """Take in what this process itself has just written; raises Unavailable."""
        # The lock first: who waits for it must not hold a connection meanwhile.
        with self._applying, self._database.reading() as connection:
            self._apply_new(connection)

    def take_in(self, growth: Iterable[Growth]) -> None:
        """Take in what this process itself has just written; raises Unavailable.

        Reading it back is for where the ledger holds more than is known and that.
        """
        try:
            with self._applying:
                known = [self._extend(one) for one in growth]
            if not all(known):
                self.catch_up()
        except Exception:
            # Nobody else tells of it: ask again now, not at the next poll.
            self._wake.set()
            raise

    def follow(self, connection: Connection) -> None:
        """Take in what is new to one connection; raises Unavailable."""
        with self._applying:
            self._apply_new(connection)

    def _freshen(self, state: SiteState, as_of: float) -> None:
        state.trust(self._trusted)
        # A ledger that lost or changed entries is never fresh: checks deny.
        state.as_of = 0.0 if state.site in self.faulty else as_of

    def _apply_new(self, connection: Connection) -> None:
        for row in ledger.sites(connection):
            state = self._states.get(row.key)
            if state is None or state.origin != row.origin or row.size < state.size:
                # New, or set back: what was followed is not what there is now.
                state = SiteState(row.key, self._max_stale, row.origin)
                self._recent[row.key] = state, Recent()
                # What has just been published here is checked before the next poll.
                self._freshen(state, self._polled_at)
            if state.size < row.size:
                self._follow(connection, row, state)
            self._states[row.key] = state

    def _extend(self, growth: Growth) -> bool:
        """Take in what follows on what is known; tell whether it did."""
        state = self._states.get(growth.site)
        if state is None or growth.site in self.damaged:
            return False
        _, recent = self._recent[growth.site]
        known = state.origin, state.size, recent.at(state.size - 1)
        if known != (growth.origin, growth.size, microseconds(growth.after)):
            return False
        for body in growth.bodies:
            _take(state, recent, change_of(body.number, body), microseconds(body.at))
        return True

    def _follow(self, connection: Connection, row: SiteRow, state: SiteState) -> None:
        """Take in the new entries of a site; one that is damaged stops no other."""
        try:
            _, recent = self._recent[row.key]
            # From the newest that is known on, to see that it is still the same.
            known = max(state.size - 1, 0)
            for change, at in ledger.changes_from(connection, row.site_id, known):
                if change.number < state.size:
                    _require_same(change.number, recent.at(change.number), at)
                    continue
                _take(state, recent, change, at)
            if state.size < row.size:
                raise RuntimeError(f"entry {state.size} is missing")
        except (RuntimeError, TypeError, ValueError, msgspec.MsgspecError) as exc:
            why = f"cannot be followed from entry {state.size} on: {exc}"
            if row.key not in self.damaged:
                log.critical("%s: %s", row.key, why)
            self.damaged[row.key] = why
        else:
            self.damaged.pop(row.key, None)

    def _run(self) -> None:
        failing = False
        while not self._stopping:
            try:
                self.poll()
                failing = False
            except Exception as exc:
                # Checks go on from memory until the state is stale, then deny.
                if not failing:
                    log.error("following fails: %s", exc, exc_info=exc)
                failing = True
            self._wake.wait(self._poll_seconds)
            self._wake.clear()


def _take(state: SiteState, recent: Recent, change: Change, at: int) -> None:
    # First: whoever is told that it is there may ask for it.
    recent.keep(for_gateways(change) if change.publication else change, at)
    state.apply(change)


def _require_same(number: int, was_made_at: int | None, made_at: int) -> None:
    if was_made_at != made_at:
        raise RuntimeError(f"entry {number} is not the one that was there before")
