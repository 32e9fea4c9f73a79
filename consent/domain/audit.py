"""Walk through a ledger from its first entry, trusting nothing that can be worked out.

One byte of memory an entry, whatever the ledger holds.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, groupby, islice
from operator import le
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from consent.domain.checkpoints import Checkpoint
from consent.domain.entries import commitment
from consent.domain.instants import microseconds
from consent.domain.merkle import leaf_hash
from consent.domain.packing import differences, packed
from consent.domain.regrowth import Fault, Nodes, Regrowth
from consent.domain.vocabulary import Action, Kind, Status

_RECORD, _GONE, _NAMED, _FOLLOWED, _WITHDRAWN, _NOBODY = (1 << n for n in range(6))
_AT_ONCE = 1_000
_MOST_MISSING = 1 << 24
"""A gap wider than this is a number that was made up."""
Number = Annotated[int, Meta(ge=0)]


class Line(NamedTuple):
    """An entry with its content as it is kept; `at` in microseconds since the epoch.

    The last three columns repeat what the content of a record says.
    """

    number: int
    kind: str
    at: int
    commitment: bytes
    body: bytes | None
    salt: bytes | None
    subject: bytes | None = None
    previous: int | None = None
    key: bytes | None = None


class _Said(msgspec.Struct, gc=False):
    """What of any content the walk needs.

    Millions of them, each looked at by the garbage collector, would take half of
    the time.
    """

    kind: Kind
    site: str
    number: Number
    at: Annotated[datetime, Meta(tz=True)]
    action: Action | None = None
    subject: bytes | None = None
    previous: Number | None = None
    key: bytes | None = None
    numbers: tuple[Number, ...] = ()
    below: Number = 0


_decoder = msgspec.json.Decoder(_Said)


class Audit:
    """One walk; what it is compared with is that of a regrowth."""

    def __init__(
        self,
        site: str,
        signed: Iterable[Checkpoint] = (),
        nodes: Nodes | None = None,
        *,
        has_columns: bool = False,
    ) -> None:
        """Walk through a site's ledger; an export has no columns that repeat."""
        self.site = site
        self._has_columns = has_columns
        self._tree = Regrowth(signed, nodes)
        self._flags = bytearray()
        self._at = 0
        self._below = 0
        self._erased: list[int] = []
        self._is_whole = True

    @property
    def size(self) -> int:
        """How many entries were walked."""
        return len(self._flags)

    def root(self) -> bytes | None:
        """Return the root over all entries, unless one is missing."""
        return self._tree.root() if self._is_whole else None

    def walk(self, lines: Iterable[Line]) -> Iterator[Fault]:
        """Take in entries in order; yield what is wrong with each."""
        remaining = iter(lines)
        while some := list(islice(remaining, _AT_ONCE)):
            for are_records, group in groupby(some, _is_record_kept):
                run = list(group)
                at_once = self._records(run) if are_records else None
                if at_once is None:
                    yield from chain.from_iterable(map(self._one, run))
                else:
                    yield from at_once

    def _records(self, lines: Sequence[Line]) -> list[Fault] | None:
        """Take in several records at once, unless something is wrong with a line.

        Field by field, the loops run in C: a walk line by line takes twice as long.
        """
        numbers, kinds, ats, commitments, bodies, salts, *columns = zip(
            *lines, strict=True
        )
        first = len(self._flags)
        try:
            said = [*map(_decoder.decode, bodies)]
            is_right = (
                numbers == (*range(first, first + len(lines)),)
                and all(map(le, (self._at, *ats), ats))
                and commitments == (*map(commitment, bodies, salts),)
                and numbers == (*(one.number for one in said),)
                and {(one.kind, one.site) for one in said} == {(kinds[0], self.site)}
                and ats == (*(microseconds(one.at) for one in said),)
                and (not self._has_columns or columns == _columns(said))
            )
            leaves = [*map(leaf_hash, commitments)]
        except (TypeError, ValueError, OverflowError, msgspec.DecodeError):
            return None
        if not is_right:
            return None
        self._at = ats[-1]
        self._flags += bytes([_RECORD]) * len(lines)
        wrong = zip(numbers, map(self._record, numbers, said), strict=True)
        faults = [Fault(number, what) for number, what in wrong if what]
        if self._is_whole:
            faults += self._tree.extend(leaves)
        return faults

    def _one(self, line: Line) -> Iterator[Fault]:
        number = line.number
        if number != len(self._flags):
            yield from self._gap(number)
            if number != len(self._flags):
                return
        self._flags.append(0)
        try:
            yield from self._line(line)
        except (TypeError, ValueError, OverflowError):
            # SQLite takes any kind of value in any column.
            self._flags[number] |= _NOBODY
            self._is_whole = False
            yield Fault(number, "holds values of a kind that is never written")

    def _line(self, line: Line) -> Iterable[Fault]:
        number, _, at, committed, body, salt, *_ = line
        faults: list[Fault] = []
        if at < self._at:
            faults.append(Fault(number, "is dated before the entry before it"))
        self._at = at
        if body is None or salt is None:
            faults += self._without_content(line)
        else:
            faults += self._content(line, body, salt)
        if self._is_whole:
            faults += self._tree.extend([leaf_hash(committed)])
        return faults

    def close(self) -> Iterator[Fault]:
        """Yield what only the end shows: what is lost, or gone without a word."""
        yield from self._tree.lost(self.size)
        self._name(self._erased, self._below)
        yield from self._each(_GONE, "has no content, and no entry says that it went")
        returned = "has its content, though an entry says that it went"
        yield from self._each(_RECORD | _NAMED, returned)

    def statuses(self) -> bytes:
        """Return the status of every entry, two bits each (IETF status list)."""
        return packed(self._flags.translate(_STATUS_OF), 2)

    def heads(self) -> bytes:
        """Return whether each entry is the head of its subject, one bit each."""
        return packed(self._flags.translate(_IS_HEAD), 1)

    def compare(self, statuses: bytes | None, heads: bytes) -> Iterator[Fault]:
        """Yield where what is kept beside the ledger is not what follows from it.

        Nothing is said of statuses where none are kept.
        """
        right_statuses = self.statuses()
        kept_statuses = right_statuses if statuses is None else statuses
        for number, kept, right in differences(kept_statuses, right_statuses, 2):
            word = Status(right).name.lower().replace("_", " ")
            yield Fault(number, f"reads {kept} to checks, though it is {word}")
        for number, kept, _ in differences(heads, self.heads(), 1):
            wrong = "is kept as the head of its subject, and is not"
            lacking = "is the head of its subject, and is not kept as such"
            yield Fault(number, wrong if kept else lacking)

    def _gap(self, number: int) -> Iterator[Fault]:
        first = self.size
        if number < first:
            yield Fault(number, "comes again")
        elif number - first > _MOST_MISSING:
            yield Fault(number, "is far beyond the entry before it")
        else:
            several = f"entries {first} to {number - 1} are missing"
            one = Fault(first, "is missing")
            yield one if first + 1 == number else Fault(None, several)
            self._flags += bytes([_NAMED]) * (number - first)
        self._is_whole = False

    def _without_content(self, line: Line) -> Iterator[Fault]:
        if line.kind == Kind.RECORD:
            self._flags[line.number] = _GONE
        else:
            self._flags[line.number] = _NAMED
            yield Fault(line.number, f"is a {line.kind} without content")

    def _content(self, line: Line, body: bytes, salt: bytes) -> Iterable[Fault]:
        try:
            said = _decoder.decode(body)
        except (msgspec.DecodeError, ValueError):
            self._flags[line.number] = _NOBODY
            return [Fault(line.number, "has content that cannot be read")]
        wrong = self._take(line.number, said)
        is_bound = commitment(body, salt) == line.commitment
        return self._disagreements(line, said, wrong, is_bound=is_bound)

    def _disagreements(
        self, line: Line, said: _Said, wrong: str | None, *, is_bound: bool
    ) -> Iterator[Fault]:
        number = line.number
        if not is_bound:
            yield Fault(number, "does not hold the content it commits to")
        if said.number != number or said.site != self.site:
            yield Fault(number, f"holds the content of {said.site} {said.number}")
        if said.kind != line.kind:
            yield Fault(number, f"is said to be a {line.kind}, and is none")
        if microseconds(said.at) != line.at:
            yield Fault(number, f"is dated otherwise than its content: {said.at}")
        repeated = (said.subject, said.previous, said.key)
        if self._has_columns and (*line[6:],) != repeated:
            yield Fault(number, "has columns that its content does not repeat")
        if wrong:
            yield Fault(number, wrong)

    def _take(self, number: int, said: _Said) -> str | None:
        """Fold a content into flags; return why it cannot be, if so."""
        if said.kind is Kind.RECORD:
            return self._record(number, said)
        self._flags[number] = _NOBODY
        self._erased += (one for one in said.numbers if one < number)
        self._below = max(self._below, min(said.below, number))
        is_early = said.below > number or any(n >= number for n in said.numbers)
        return "says that contents went which were not there yet" if is_early else None

    def _record(self, number: int, said: _Said) -> str | None:
        flags, previous = self._flags, said.previous
        if said.subject is None:
            flags[number] = _RECORD | _NOBODY
            return None
        flags[number] = _RECORD
        if previous is None:
            return None
        if not 0 <= previous < number or flags[previous] & (_FOLLOWED | _NOBODY):
            return f"cannot follow entry {previous}"
        is_withdrawal = said.action is Action.WITHDRAWN
        flags[previous] |= _FOLLOWED | (_WITHDRAWN if is_withdrawal else 0)
        return None

    def _name(self, erased: Sequence[int], below: int) -> None:
        flags = self._flags
        for number in erased:
            flags[number] |= _NAMED
        flags[:below] = flags[:below].translate(_NAMED_TOO)

    def _each(self, flag: int, what: str) -> Iterator[Fault]:
        kept = self._flags.translate(_KEPT)
        place = kept.find(flag)
        while place >= 0:
            yield Fault(place, what)
            place = kept.find(flag, place + 1)


def _is_record_kept(line: Line) -> bool:
    _, kind, _, _, body, *_ = line
    return kind == Kind.RECORD and body is not None


def _columns(said: Iterable[_Said]) -> list[tuple[bytes | int | None, ...]]:
    """Return the columns that records repeat."""
    return [*zip(*((one.subject, one.previous, one.key) for one in said), strict=True)]


def _status_of(flags: int) -> Status:
    if flags & (_NAMED | _GONE | _NOBODY | _WITHDRAWN):
        return Status.WITHDRAWN
    return Status.SUPERSEDED if flags & _FOLLOWED else Status.IN_FORCE


# Each byte of flags to what is asked about it, so that millions go in one step.
_STATUS_OF = bytes(map(_status_of, range(256)))
_IS_HEAD = bytes(flags == _RECORD for flags in range(256))
_NAMED_TOO = bytes(f | _NAMED if f & (_RECORD | _GONE) else f for f in range(256))
_KEPT = bytes(f & (_RECORD | _GONE | _NAMED) for f in range(256))
