"""The check rule: may this fire? Anything not understood is a denial."""

from typing import NamedTuple, Protocol

from consent.domain.terms import PurposeTerms, Terms
from consent.domain.tokens import Token, TokenVerifier
from consent.domain.vocabulary import Basis, Reason, Status
from consent.errors import InvalidToken

SETTLING_SECONDS = 10
"""How long a signed record may take to become visible to whoever follows."""


class State(Protocol):
    """What a check is decided by: the site state of now, or of an earlier moment."""

    @property
    def site(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def as_of(self) -> float: ...
    @property
    def max_stale_seconds(self) -> float: ...
    @property
    def in_force(self) -> Terms | None: ...
    @property
    def suspended(self) -> frozenset[str]: ...
    @property
    def verifier(self) -> TokenVerifier: ...
    def status(self, number: int) -> Status: ...


class Verdict(NamedTuple):
    """The answer of a check."""

    allowed: bool
    reason: Reason


def check(
    state: State,
    token: str | Token | None,
    purpose: str,
    now: float,
    vendor: str | None = None,
    gpc: bool = False,
) -> Verdict:
    """Decide whether a purpose, or a vendor in it, may run; the first line applies.

    `now` is the service's clock in seconds since the epoch; `gpc` tells whether
    the request carries Global Privacy Control. A token that is no text was made
    from a record of ours, and needs no signature.
    """
    terms = state.in_force
    asked = terms.purposes.get(purpose) if terms else None
    if (
        terms is None
        or asked is None
        or (vendor is not None and vendor not in asked.vendors)
    ):
        return _deny(Reason.UNKNOWN)
    if asked.basis is Basis.EXEMPT:
        return _allow(Reason.NECESSARY)
    if state.suspended and _is_suspended(state, asked, vendor):
        return _deny(Reason.SUSPENDED)
    if now - state.as_of > state.max_stale_seconds:
        return _deny(Reason.STALE)
    read = _read(state, token)
    if gpc and asked.sells and not (read and read.gpc):
        return _deny(Reason.SIGNAL)
    if token is None:
        return _without_token(asked)
    return _by_token(state, terms, read, asked, now, vendor)


def _read(state: State, shown: str | Token | None) -> Token | None:
    if shown is None:
        return None
    try:
        token = state.verifier.read(shown) if isinstance(shown, str) else shown
    except InvalidToken:
        return None
    return token if token.site == state.site else None


def _is_suspended(state: State, asked: PurposeTerms, vendor: str | None) -> bool:
    """Tell whether a purpose, or who would act for it, is stopped.

    Whoever names no vendor may be about to fire any of them.
    """
    vendors = asked.vendors if vendor is None else {vendor}
    targets = {asked.id, *(f":{one}" for one in vendors)}
    return not state.suspended.isdisjoint(targets)


def _without_token(asked: PurposeTerms) -> Verdict:
    if asked.basis is Basis.OBJECTION:
        return _allow(Reason.UNCONTESTED)
    return _deny(Reason.MISSING)


def _by_token(
    state: State,
    terms: Terms,
    token: Token | None,
    asked: PurposeTerms,
    now: float,
    vendor: str | None,
) -> Verdict:
    if token is None or _is_beyond(state, token, now):
        return _deny(Reason.INVALID)
    if now >= token.expires:
        return _deny(Reason.EXPIRED)
    if token.notice < asked.since:
        return _deny(Reason.OUTDATED)
    if token.number is None:
        allowed = bool(token.allowed >> asked.bit & 1)
        return _allow(Reason.DEFAULT) if allowed else _deny(Reason.REFUSED)
    status = _status(state, token.number)
    if status is not Status.IN_FORCE:
        superseded = status is Status.SUPERSEDED
        return _deny(Reason.SUPERSEDED if superseded else Reason.WITHDRAWN)
    if _is_granted(token, terms, asked, vendor):
        return _allow(Reason.GRANTED)
    objects = asked.basis is Basis.OBJECTION
    return _deny(Reason.OBJECTED if objects else Reason.REFUSED)


def _is_beyond(state: State, token: Token, now: float) -> bool:
    """Tell whether a token names an entry that the ledger should have and has not.

    If it is from the future, nobody can tell for how long it may be late.
    """
    if token.number is None or token.number < state.size:
        return False
    late, early = state.as_of - token.issued, token.issued - now
    return max(late, early) > SETTLING_SECONDS


def _status(state: State, number: int) -> Status:
    # A token younger than the state is vouched for by its signature.
    return state.status(number) if number < state.size else Status.IN_FORCE


def _is_granted(
    token: Token, terms: Terms, asked: PurposeTerms, vendor: str | None
) -> bool:
    decided = {d.vendor: d.granted for d in token.exceptions if d.bit == asked.bit}
    by_purpose = bool(token.allowed >> asked.bit & 1)
    if vendor is not None:
        return decided.get(terms.vendors[vendor], by_purpose)
    return by_purpose and all(decided.values())


def _allow(reason: Reason) -> Verdict:
    return Verdict(True, reason)


def _deny(reason: Reason) -> Verdict:
    return Verdict(False, reason)
