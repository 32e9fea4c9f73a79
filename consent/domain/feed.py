"""What gateways follow: a snapshot of the site state, and the changes after it.

Status lists are encoded as in the IETF's Token Status List (two bits, zlib). Nothing
here names anybody: it tells how many, never who.
"""

import zlib
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Annotated, TypeVar

import msgspec
from itsdangerous.encoding import base64_decode, base64_encode
from msgspec import Meta
from nacl.signing import VerifyKey

from consent.domain.state import Change, SiteState
from consent.domain.terms import Terms
from consent.domain.vocabulary import Status

Seconds = Annotated[float, Meta(ge=0, lt=2**40)]
"""Since the epoch; of what is larger, a second more would change nothing."""
LIST_BYTES = 65_536
LIST_ENTRIES = 4 * LIST_BYTES
MAX_CHANGES = 10_000
LEDGER_SIZE = "Ledger-Size"
"""Header of a status list: how many entries were known when it was told."""
REMEMBERED = 65_536
"""Changes kept in memory: whoever is further behind starts from a snapshot."""
_STATUSES = bytes(
    sum(status << 2 * place for place, status in enumerate(four))
    for four in product(Status, repeat=4)
)
"""Every byte of four statuses; of the four that two bits could say, one is none."""


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The site state without its status lists, which have addresses of their own.

    `now` is the service's clock, `as_of` the moment up to which it knows its ledger,
    both in seconds since the epoch; `last_at` is when its last entry was made, in
    microseconds, which tells another ledger apart; `keys` are Ed25519 public keys as
    base64url, by their ids; of the status lists, the first `size` entries belong to it.
    """

    site: str
    origin: str
    size: Annotated[int, Meta(ge=0)]
    last_at: int = 0
    now: Seconds
    as_of: Seconds
    keys: dict[str, str]
    suspended: tuple[str, ...]
    terms: Terms

    @property
    def lists(self) -> int:
        """How many status lists it has."""
        return -(-self.size // LIST_ENTRIES)

    def reaches(self, size: int) -> bool:
        """Tell whether who is at a size needs no snapshot, but the changes after it."""
        return self.size - size < REMEMBERED - MAX_CHANGES


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What happened after a number, in order, without gap; `size` is where it ends up.

    Not all may be in one answer: `last_at` is that of the last one told. Clocks and
    keys are those of a snapshot.
    """

    origin: str
    size: int
    last_at: int = 0
    now: Seconds
    as_of: Seconds
    keys: dict[str, str]
    changes: tuple[Change, ...]


class StatusList(msgspec.Struct, frozen=True):
    """One status list of the IETF's Token Status List."""

    bits: int
    lst: str


Told = TypeVar("Told", Snapshot, Changes, StatusList)


class Recent:
    """The newest changes of one site. One thread keeps, any thread reads."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Change, int]] = {}

    def keep(self, change: Change, at: int) -> None:
        """Keep a change, and when it was made, instead of the oldest one."""
        self._kept[change.number] = change, at
        self._kept.pop(change.number - REMEMBERED, None)

    def at(self, number: int) -> int | None:
        """Return when a change was made, in microseconds, or None if it is not kept."""
        kept = self._kept.get(number)
        return kept[1] if kept else None

    def between(self, start: int, stop: int) -> tuple[Change, ...] | None:
        """Return the changes from `start` up to `stop`, or None if one is not kept."""
        found = [self._kept.get(number) for number in range(start, stop)]
        kept = tuple(one[0] for one in found if one)
        return kept if len(kept) == stop - start else None


def for_gateways(change: Change) -> Change:
    """Return what gateways need of a change."""
    return msgspec.structs.replace(change, publication=None)


def snapshot_of(
    state: SiteState, terms: Terms, now: float, *, size: int, last_at: int
) -> Snapshot:
    """Return the snapshot of a state, of this size, whose notice has these terms."""
    return Snapshot(
        site=state.site,
        origin=state.origin,
        size=size,
        last_at=last_at,
        now=now,
        as_of=state.as_of,
        keys=written_keys(state.verifier.keys),
        suspended=tuple(sorted(state.suspended)),
        terms=terms,
    )


def read(body: bytes, kind: type[Told]) -> Told:
    """Return what a service told; raises ValueError if it is damaged."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise ValueError(f"what is told is damaged: {exc}") from exc


def state_of(
    snapshot: Snapshot, statuses: bytes, max_stale_seconds: float
) -> SiteState:
    """Return the state that a snapshot tells of: not fresh, and trusting no key yet.

    Raises ValueError if there is not a status for each entry, or one that we have not.
    """
    if statuses.translate(None, delete=_STATUSES):
        raise ValueError("a status list holds what is no status")
    return SiteState.restored(
        snapshot.site,
        max_stale_seconds,
        origin=snapshot.origin,
        size=snapshot.size,
        statuses=statuses,
        terms=snapshot.terms,
        suspended=frozenset(snapshot.suspended),
    )


def pack_statuses(statuses: bytes) -> StatusList:
    """Return bytes of statuses as a status list."""
    return StatusList(2, base64_encode(zlib.compress(statuses)).decode())


def unpack_statuses(told: StatusList) -> bytes:
    """Return the bytes of a status list, LIST_BYTES at most.

    Raises ValueError if it is damaged, longer, or not of two bits.
    """
    unpacking = zlib.decompressobj()
    try:
        statuses = unpacking.decompress(base64_decode(told.lst), LIST_BYTES)
        # Whatever ends exactly at the limit has its check sum still to be read.
        beyond = unpacking.decompress(unpacking.unconsumed_tail, 1)
    except Exception as exc:
        raise ValueError("a status list is damaged") from exc
    if told.bits != 2 or beyond or not unpacking.eof:
        raise ValueError("a status list is damaged")
    return statuses


def written_keys(keys: Mapping[str, VerifyKey]) -> dict[str, str]:
    """Return public keys as base64url, by their ids."""
    return {kid: base64_encode(bytes(key)).decode() for kid, key in keys.items()}


def read_keys(keys: Mapping[str, str]) -> dict[str, VerifyKey]:
    """Return public keys by their ids; raises ValueError if one is none."""
    try:
        return {kid: VerifyKey(base64_decode(text)) for kid, text in keys.items()}
    except Exception as exc:
        raise ValueError("a public key is damaged") from exc


def joined(lists: Sequence[bytes]) -> bytes:
    """Return the bytes of all status lists; raises ValueError if one is cut short."""
    if any(len(one) != LIST_BYTES for one in lists[:-1]):
        raise ValueError("a status list is cut short")
    return b"".join(lists)
