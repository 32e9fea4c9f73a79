"""A site's past: what its state was at any moment, folded once from its entries."""

import math
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime

from consent.domain.entries import Suspension
from consent.domain.instants import microseconds
from consent.domain.state import Change, target_of
from consent.domain.terms import Terms
from consent.domain.tokens import TokenVerifier
from consent.domain.vocabulary import Status

_GONE = 0
_OPEN = 2**31 - 1


class History:
    """When each record of one site ended, and what was in force until when.

    Times never decrease along a ledger, so a moment is a size: how many entries
    there were. Twelve bytes are kept for each entry, and no object. One thread
    applies changes; any thread reads.
    """

    def __init__(self, site: str) -> None:
        self.site = site
        self.size = 0
        self.terms: dict[int, Terms] = {}
        self._times = array("q")
        # For each entry, the number of the one that superseded it; negative, if that
        # one withdrew it. Number 0 follows nothing, so it stands for what is gone.
        self._ends = array("i")
        self._gone_below = 0
        self._published: list[tuple[int, Terms]] = []
        self._suspended: list[tuple[int, frozenset[str]]] = []

    def apply(self, change: Change, at: int) -> None:
        """Take in the next entry's change; raises ValueError unless it is the next.

        `at` is in microseconds since the epoch.
        """
        if change.number != self.size:
            raise ValueError(f"expected change {self.size}, got {change.number}")
        self._times.append(at)
        self._ends.append(_OPEN if change.status is Status.IN_FORCE else _GONE)
        if change.previous is not None and self._ends[change.previous] == _OPEN:
            withdrawn = change.previous_status is Status.WITHDRAWN
            end = -change.number if withdrawn else change.number
            self._ends[change.previous] = end
        if change.terms:
            self._publish(change.number, change.terms)
        if change.suspension:
            self._suspend(change.suspension)
        for number in change.erased:
            self._ends[number] = _GONE
        self._gone_below = max(self._gone_below, change.purged_below)
        self.size += 1

    def at(self, moment: datetime, verifier: TokenVerifier) -> "StateAt":
        """Return the site state of a moment, what happened just then included."""
        size = bisect_right(self._times, microseconds(moment), 0, self.size)
        return StateAt(self, size, verifier)

    def status(self, number: int, size: int) -> Status:
        """Return what an entry's status was when the ledger had this size.

        What was erased or purged since reads as withdrawn at any time: what it said
        cannot be known any more.
        """
        end = self._ends[number]
        if end == _GONE or number < self._gone_below:
            return Status.WITHDRAWN
        if abs(end) >= size:
            return Status.IN_FORCE
        return Status.WITHDRAWN if end < 0 else Status.SUPERSEDED

    def in_force(self, size: int) -> Terms | None:
        """Return the terms in force when the ledger had this size."""
        place = bisect_left(self._published, size, key=_number)
        return self._published[place - 1][1] if place else None

    def suspended(self, size: int) -> frozenset[str]:
        """Return what was suspended when the ledger had this size."""
        place = bisect_left(self._suspended, size, key=_number)
        return self._suspended[place - 1][1] if place else frozenset()

    def _publish(self, number: int, terms: Terms) -> None:
        self.terms[terms.version] = terms
        self._published.append((number, terms))

    def _suspend(self, suspension: Suspension) -> None:
        before = self._suspended[-1][1] if self._suspended else frozenset()
        target = target_of(suspension)
        after = before - {target} if suspension.lifted else before | {target}
        self._suspended.append((suspension.number, after))


@dataclass(frozen=True, slots=True)
class StateAt:
    """The site state of a moment in the past, to check by.

    It is never stale, and knows all that there was: a token with a number at or
    above its size did not exist yet.
    """

    history: History
    size: int
    verifier: TokenVerifier

    as_of = math.inf
    max_stale_seconds = 0.0

    @property
    def site(self) -> str:
        """The site it is about."""
        return self.history.site

    @property
    def in_force(self) -> Terms | None:
        """The terms in force then."""
        return self.history.in_force(self.size)

    @property
    def suspended(self) -> frozenset[str]:
        """What was suspended then."""
        return self.history.suspended(self.size)

    def status(self, number: int) -> Status:
        """Return the status that an entry below `size` had then."""
        return self.history.status(number, self.size)


def _number(numbered: tuple[int, object]) -> int:
    return numbered[0]
