"""Walk through a ledger from its first entry, trusting nothing that can be worked out.

One byte of memory an entry, whatever the ledger holds.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from consent.domain.checkpoints import Checkpoint
from consent.domain.entries import commitment
from consent.domain.merkle import WIDTH, Frontier, leaf_hash
from consent.domain.vocabulary import Action, Kind, Status

_RECORD, _GONE, _NAMED, _FOLLOWED, _WITHDRAWN, _NOBODY = (1 << n for n in range(6))
_HEADS_MODULUS = 1 << 128


class Line(NamedTuple):
    """An entry with its content as it is kept; `at` in microseconds since the epoch.

    `columns` repeats subject, predecessor and key of a record, where they are kept.
    """

    number: int
    kind: str
    at: int
    commitment: bytes
    body: bytes | None
    salt: bytes | None
    columns: tuple[bytes | None, int | None, bytes | None] | None = None


class Fault(NamedTuple):
    """What is wrong, and with which entry."""

    number: int | None
    what: str

    def __str__(self) -> str:
        """Return the fault as one line."""
        return self.what if self.number is None else f"entry {self.number} {self.what}"


class Heads(NamedTuple):
    """How many subjects have a head, and a sum over all heads in any order."""

    subjects: int
    total: int

    @classmethod
    def of(cls, kept: Iterable[tuple[bytes, int]]) -> "Heads":
        """Return the fold of subjects with the number of their head."""
        subjects = total = 0
        for subject, number in kept:
            subjects += 1
            total += _head(subject, number)
        return cls(subjects, total % _HEADS_MODULUS)


class _Said(msgspec.Struct):
    """What of any content the walk needs."""

    kind: Kind
    site: str
    number: int
    at: datetime
    action: Action | None = None
    subject: bytes | None = None
    previous: int | None = None
    key: bytes | None = None
    numbers: tuple[int, ...] = ()
    below: int = 0


_decoder = msgspec.json.Decoder(_Said)


class Audit:
    """One walk. `nodes(n)` is the stored root of a full tile, or None.

    `checkpoints` are compared when the walk reaches their size.
    """

    def __init__(
        self,
        site: str,
        checkpoints: Iterable[Checkpoint] = (),
        nodes: Callable[[int], bytes | None] = lambda _: None,
    ) -> None:
        self.site = site
        self._signed = {one.size: one.root for one in checkpoints}
        self._nodes = nodes
        self._frontier = Frontier()
        self._flags = bytearray()
        self._at = 0
        self._heads = 0
        self._total = 0
        self._below = 0
        self._erased: list[int] = []
        self._is_whole = True

    @property
    def size(self) -> int:
        """How many entries were walked."""
        return len(self._flags)

    @property
    def heads(self) -> Heads:
        """The heads, refolded."""
        return Heads(self._heads, self._total % _HEADS_MODULUS)

    def walk(self, lines: Iterable[Line]) -> Iterator[Fault]:
        """Take in entries in order; yield what is wrong with each."""
        for line in lines:
            number, _, at, committed, body, salt, _ = line
            if number != self.size:
                yield from self._gap(number)
                if number < self.size:
                    continue
            if at < self._at:
                yield Fault(number, "is dated before the entry before it")
            self._at = at
            self._flags.append(0)
            if body is None or salt is None:
                yield from self._without_content(line)
            else:
                yield from self._content(line, body, salt)
            filled = self._frontier.append(leaf_hash(committed))
            if filled and self._is_whole:
                yield from self._tile(number, filled)
            if self.size in self._signed:
                yield from self._compare()

    def close(self) -> Iterator[Fault]:
        """Yield what only the end shows: what is lost, or gone without a word."""
        signed = max(self._signed, default=0)
        if signed > self.size:
            yield Fault(self.size, f"and later are lost: {signed} entries were signed")
        self._name(self._erased, self._below)
        yield from self._each(_GONE, "has no content, and no entry says that it went")
        returned = "has its content, though an entry says that it went"
        yield from self._each(_RECORD | _NAMED, returned)

    def statuses(self) -> bytes:
        """Return the status of every entry, two bits each (IETF status list)."""
        unpacked = bytes(self._flags).translate(_STATUS_OF)
        unpacked += bytes(-len(unpacked) % 4)
        packed = 0
        for place in range(4):
            packed |= int.from_bytes(unpacked[place::4], "little") << 2 * place
        return packed.to_bytes(len(unpacked) // 4, "little")

    def _gap(self, number: int) -> Iterator[Fault]:
        self._is_whole = False
        if number < self.size:
            yield Fault(number, "comes again")
        for missing in range(self.size, number):
            yield Fault(missing, "is missing")
            self._flags.append(_NAMED)

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
            return [Fault(line.number, "has content that cannot be read")]
        is_record = said.kind is Kind.RECORD
        wrong = self._record(line.number, said) if is_record else None
        if not is_record:
            self._flags[line.number] = _NOBODY
            self._erased += said.numbers
            self._below = max(self._below, said.below)
        is_bound = commitment(body, salt) == line.commitment
        if is_bound and not wrong and self._agrees(line, said):
            return ()
        return self._disagreements(line, said, wrong, is_bound=is_bound)

    def _agrees(self, line: Line, said: _Said) -> bool:
        number, kind, at, _, _, _, columns = line
        return (
            said.number == number
            and said.site == self.site
            and said.kind == kind
            and abs(said.at.timestamp() * 1_000_000 - at) < 1
            and columns in {None, (said.subject, said.previous, said.key)}
        )

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
        if abs(said.at.timestamp() * 1_000_000 - line.at) >= 1:
            yield Fault(number, f"is dated otherwise than its content: {said.at}")
        if line.columns not in {None, (said.subject, said.previous, said.key)}:
            yield Fault(number, "has columns that its content does not repeat")
        if wrong:
            yield Fault(number, wrong)

    def _record(self, number: int, said: _Said) -> str | None:
        """Fold a record into heads and statuses; return why it cannot be, if so."""
        flags, subject, previous = self._flags, said.subject, said.previous
        if subject is None:
            flags[number] = _RECORD | _NOBODY
            return None
        flags[number] = _RECORD
        self._heads += 1
        self._total += _head(subject, number)
        if previous is None:
            return None
        if not 0 <= previous < number or flags[previous] & (_FOLLOWED | _NOBODY):
            return f"cannot follow entry {previous}"
        if flags[previous] & _RECORD:
            self._heads -= 1
            self._total -= _head(subject, previous)
        is_withdrawal = said.action is Action.WITHDRAWN
        flags[previous] |= _FOLLOWED | (_WITHDRAWN if is_withdrawal else 0)
        return None

    def _tile(self, number: int, filled: bytes) -> Iterator[Fault]:
        if self._nodes(number // WIDTH) not in {None, filled}:
            first = number + 1 - WIDTH
            yield Fault(None, f"one of entries {first} to {number} was changed")

    def _compare(self) -> Iterator[Fault]:
        if self._frontier.root() != self._signed[self.size]:
            yield Fault(None, f"the first {self.size} entries are not those signed")

    def _name(self, erased: Sequence[int], below: int) -> None:
        flags = self._flags
        for number in erased:
            if number < len(flags):
                flags[number] |= _NAMED
        flags[:below] = flags[:below].translate(_NAMED_TOO)

    def _each(self, flag: int, what: str) -> Iterator[Fault]:
        kept = bytes(self._flags).translate(_KEPT)
        place = kept.find(flag)
        while place >= 0:
            yield Fault(place, what)
            place = kept.find(flag, place + 1)


def _head(subject: bytes, number: int) -> int:
    return int.from_bytes(subject) * (2 * number + 1)


def _status_of(flags: int) -> Status:
    if flags & (_NAMED | _GONE | _NOBODY | _WITHDRAWN):
        return Status.WITHDRAWN
    return Status.SUPERSEDED if flags & _FOLLOWED else Status.IN_FORCE


# Each byte of flags to what is asked about it, so that millions go in one step.
_STATUS_OF = bytes(map(_status_of, range(256)))
_NAMED_TOO = bytes(f | _NAMED if f & (_RECORD | _GONE) else f for f in range(256))
_KEPT = bytes(f & (_RECORD | _GONE | _NAMED) for f in range(256))
