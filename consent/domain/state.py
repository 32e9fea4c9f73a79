"""The site state: all that a gateway needs to decide, folded from entries."""

import math
from collections.abc import Mapping

import msgspec
from nacl.signing import VerifyKey

from consent.domain.checks import Verdict
from consent.domain.entries import (
    AnyBody,
    Erasure,
    Publication,
    Record,
    Retention,
    Suspension,
)
from consent.domain.terms import Terms, terms_of
from consent.domain.tokens import TokenVerifier
from consent.domain.vocabulary import Action, Status

_ALL_WITHDRAWN = b"\x55"

Asked = str | tuple[str, str | None, bool]
"""A purpose; or that, a vendor, and whether Global Privacy Control was on."""
Seen = dict[str, dict[Asked, tuple[float, int, int, Verdict]]]
"""By token and what was asked: a verdict, when it ends, and the bits it rests on."""


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What one entry changes for gateways; it tells how many, never who.

    A publication itself is there only where the ledger is at hand.
    """

    number: int
    status: Status
    previous: int | None = None
    previous_status: Status = Status.SUPERSEDED
    terms: Terms | None = None
    publication: Publication | None = None
    suspension: Suspension | None = None
    erased: tuple[int, ...] = ()
    purged_below: int = 0


class Turn(
    msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="record", kw_only=True
):
    """What of a record statuses depend on: reading no more is five times as quick."""

    action: Action
    subject: str | None = None
    previous: int | None = None


OtherBody = Publication | Suspension | Erasure | Retention
_turns: msgspec.json.Decoder[Turn | OtherBody] = msgspec.json.Decoder(Turn | OtherBody)


def change_in(number: int, content: bytes | None) -> Change:
    """Return what an entry changes by the bytes of its content, if it has one."""
    return change_of(number, _turns.decode(content) if content else None)


def change_of(number: int, body: AnyBody | Turn | None) -> Change:
    """Return what an entry changes; without its content, it is withdrawn itself.

    A record sets its predecessor's status. Entries that are no records, and
    records without subject, read as withdrawn: no token may rest on them.
    """
    if isinstance(body, Record | Turn):
        return Change(
            number=number,
            status=Status.WITHDRAWN if body.subject is None else Status.IN_FORCE,
            previous=body.previous,
            previous_status=status_set_by(body),
        )
    publication = body if isinstance(body, Publication) else None
    return Change(
        number=number,
        status=Status.WITHDRAWN,
        terms=terms_of(publication) if publication else None,
        publication=publication,
        suspension=body if isinstance(body, Suspension) else None,
        erased=body.numbers if isinstance(body, Erasure) else (),
        purged_below=body.below if isinstance(body, Retention) else 0,
    )


def status_set_by(record: Record | Turn) -> Status:
    """Return the status that a record gives to the one before it."""
    withdrawn = record.action is Action.WITHDRAWN
    return Status.WITHDRAWN if withdrawn else Status.SUPERSEDED


class SiteState:
    """Notice terms, status bits, suspensions and keys of one site, and their age.

    One thread applies changes; any thread reads. `origin` names the ledger they come
    from; `as_of` is the service's clock, in seconds since the epoch, when the last
    answered poll was sent; `published` tells the number of the entry that published
    each version. `packed` are the status bits themselves, and `seen` what was decided
    by them, for as long as nothing else changes (see `deciding`).
    """

    def __init__(
        self, site: str, max_stale_seconds: float = 60, origin: str = ""
    ) -> None:
        self.site = site
        self.origin = origin
        self.max_stale_seconds = max_stale_seconds
        self.seen: Seen = {}
        self._as_of = 0.0
        self.size = 0
        self.terms: dict[int, Terms] = {}
        self.published: dict[int, int] = {}
        self.publication: Publication | None = None
        self.in_force: Terms | None = None
        self.suspended: frozenset[str] = frozenset()
        self.verifier = TokenVerifier({})
        self.packed = bytearray()

    @classmethod
    def restored(
        cls,
        site: str,
        max_stale_seconds: float,
        *,
        origin: str,
        size: int,
        statuses: bytes,
        terms: Terms,
        suspended: frozenset[str],
    ) -> "SiteState":
        """Return what was folded elsewhere up to a size: stale, and trusting no key.

        Raises ValueError if there is not a status for each entry.
        """
        if len(statuses) * 4 < size:
            raise ValueError(f"{len(statuses)} bytes hold no {size} statuses")
        state = cls(site, max_stale_seconds, origin)
        state.packed = bytearray(statuses[: -(-size // 4)])
        state.size = size
        state.terms[terms.version] = state.in_force = terms
        state.suspended = suspended
        state.as_of = -math.inf
        return state

    @property
    def as_of(self) -> float:
        """The moment up to which the ledger is known; setting it back forgets."""
        return self._as_of

    @as_of.setter
    def as_of(self, seconds: float) -> None:
        is_older = seconds < self._as_of
        self._as_of = seconds
        if is_older:
            self.forget()

    def forget(self) -> None:
        """Decide everything anew from now on."""
        # Whoever is deciding by what was before keeps the old one to themselves.
        self.seen = {}

    def apply(self, change: Change) -> None:
        """Take in the next change; raises ValueError unless it is exactly the next.

        What it is about came before it.
        """
        number = self.size
        if change.number != number:
            raise ValueError(f"expected change {number}, got {change.number}")
        about = (change.previous or 0, change.purged_below, *change.erased)
        if not 0 <= min(about) <= max(about) <= number:
            raise ValueError(f"change {number} is about what came after it")
        if number // 4 == len(self.packed):
            self.packed.append(0)
        self._set_status(number, change.status)
        if change.previous is not None:
            self._set_status(change.previous, change.previous_status)
        if change.terms:
            self._publish(change.terms, change.publication)
        if change.suspension:
            self._suspend(change.suspension)
        for number in change.erased:
            self._set_status(number, Status.WITHDRAWN)
        self._withdraw_below(change.purged_below)
        self.size += 1

    def trust(self, keys: Mapping[str, VerifyKey]) -> None:
        """Verify tokens with these keys from now on, and no others."""
        if keys != self.verifier.keys:
            self.verifier = TokenVerifier(keys)
            self.forget()

    def has_purpose(self, purpose: str) -> bool:
        """Tell whether the notice in force has a purpose."""
        return self.in_force is not None and purpose in self.in_force.purposes

    def status(self, number: int) -> Status:
        """Return the status of an entry below `size` (IETF status list, 2 bits)."""
        return Status(self.packed[number >> 2] >> 2 * (number & 3) & 3)

    def statuses(self, start: int = 0, stop: int | None = None) -> bytes:
        """Return bytes of the status list, two bits for each entry."""
        return bytes(self.packed[start:stop])

    def _set_status(self, number: int, status: Status) -> None:
        shift = 2 * (number & 3)
        kept = self.packed[number >> 2] & ~(3 << shift)
        self.packed[number >> 2] = kept | status << shift

    def _withdraw_below(self, number: int) -> None:
        whole_bytes = number >> 2
        self.packed[:whole_bytes] = _ALL_WITHDRAWN * whole_bytes
        for rest in range(whole_bytes << 2, number):
            self._set_status(rest, Status.WITHDRAWN)

    def _publish(self, terms: Terms, publication: Publication | None) -> None:
        self.terms[terms.version] = self.in_force = terms
        if publication:
            self.published[publication.version] = publication.number
            self.publication = publication
        self.forget()

    def _suspend(self, suspension: Suspension) -> None:
        target = target_of(suspension)
        lifted = self.suspended - {target}
        self.suspended = lifted if suspension.lifted else lifted | {target}
        self.forget()


def target_of(suspension: Suspension) -> str:
    """Return what a suspension is about: a purpose, or `:vendor`."""
    return suspension.purpose or f":{suspension.vendor}"
