"""Counting at line rate what one process decides, and telling it in batches."""

from collections import Counter, deque
from collections.abc import Callable
from itertools import count, islice

import msgspec

from consent.domain.vocabulary import Reason

UNNAMED = ""
"""Where what was asked about purposes is counted that no notice has.

Whoever asks may write anything there, and nothing of that is kept.
"""
FORWARDED = "forwarded"


class Counters(dict[str, "count[int]"]):
    """Counters by outcome; `next(counters[outcome])` counts one.

    No lock is needed: a counter is one step of the interpreter, in any thread.
    """

    def __init__(self) -> None:
        super().__init__()
        self._read: dict[str, int] = {}

    def __missing__(self, outcome: str) -> "count[int]":
        return self.setdefault(outcome, count())

    def taken(self) -> dict[str, int]:
        """Return what was counted since this was asked last, by one thread only."""
        found = {}
        for outcome, counter in list(self.items()):
            # A counter can be read only by counting: that one is left out again.
            value = next(counter)
            found[outcome] = value - self._read.get(outcome, 0)
            self._read[outcome] = value + 1
        return {outcome: times for outcome, times in found.items() if times}


class Tally(dict[str, Counters]):
    """Counters by purpose and outcome; only what is a purpose is counted by name."""

    def __init__(self, is_known: Callable[[str], bool]) -> None:
        super().__init__()
        self._is_known = is_known

    def __missing__(self, purpose: str) -> Counters:
        named = purpose if self._is_known(purpose) else UNNAMED
        return self.setdefault(named, Counters())

    def taken(self) -> dict[str, dict[str, int]]:
        """Return what was counted since this was asked last, by one thread only."""
        found = {purpose: counters.taken() for purpose, counters in list(self.items())}
        return {purpose: taken for purpose, taken in found.items() if taken}


class Batch(msgspec.Struct, frozen=True):
    """What was counted between two reports of one process."""

    sequence: int
    decided: dict[str, dict[Reason, int]]
    forwarded: dict[str, int]


class Batches:
    """The batches of one process: each is sent until somebody has taken it.

    `instance` is random, and no other process has it.
    """

    def __init__(self, instance: str, is_known: Callable[[str], bool]) -> None:
        self.instance = instance
        self.tally = Tally(is_known)
        self._forwards = Tally(is_known)
        self._held: Counter[str] = Counter()
        self._sequence = 0
        self._waiting: Batch | None = None

    def forward(self, purpose: str, times: int) -> None:
        """Count events that were passed on; raises ValueError if that is no number."""
        if times < 0:
            raise ValueError("times: expected a whole number, 0 or more")
        deque(islice(self._forwards[purpose][FORWARDED], times), maxlen=0)

    def deliver(self, send: Callable[[Batch], None], *, last: bool = False) -> None:
        """Send what was not taken yet, then what was counted since, by one thread.

        Whatever `send` raises says that a batch was perhaps not taken: it waits.
        """
        if self._waiting:
            send(self._waiting)
        self._waiting = self._next(last=last)
        send(self._waiting)
        self._waiting = None

    def _next(self, *, last: bool) -> Batch:
        # What was passed on is told a batch later than what was decided, lest
        # somebody who counts both in two processes sees it before its verdict.
        forwarded = Counter(
            {one: taken[FORWARDED] for one, taken in self._forwards.taken().items()}
        )
        told = self._held + forwarded if last else self._held
        self._held = Counter() if last else forwarded
        self._sequence += 1
        decided = {
            purpose: {Reason(word): times for word, times in taken.items()}
            for purpose, taken in self.tally.taken().items()
        }
        return Batch(self._sequence, decided, {**told})
