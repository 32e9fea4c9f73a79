"""Choices and withdrawals, and the record that follows each. No act is lost."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from consent.domain.entries import Made, Record
from consent.domain.terms import PurposeTerms, Terms
from consent.domain.vocabulary import Action, Decision, How, Regime
from consent.errors import InvalidChoice

Decisions = Mapping[str, Decision]


def new_key(at: datetime) -> bytes:
    """Return a key for an act, 16 bytes that begin with its second.

    Random ones would each touch another page of a long index, and commits slow down.
    """
    return int(at.timestamp()).to_bytes(4) + secrets.token_bytes(12)


@dataclass(frozen=True, kw_only=True)
class Act:
    """What choices and withdrawals have in common.

    `shown` is the notice version the visitor saw, `in_force` the newest one.
    """

    site: str
    key: bytes
    subject: bytes | None
    how: How
    locale: str
    shown: Terms
    in_force: Terms
    regime: Regime
    gpc: bool = False
    account: bool = False

    def command(self) -> bytes:
        """Return a digest of what is asked; what is worked out is no part of it."""
        worked_out = self._worked_out()
        asked = {
            name: value for name, value in vars(self).items() if name not in worked_out
        }
        text = msgspec.json.encode(
            [type(self).__name__, self._asked_version(), asked], order="deterministic"
        )
        return hashlib.sha256(text).digest()[:16]

    def _asked_version(self) -> int | None:
        return self.shown.version

    def _worked_out(self) -> set[str]:
        """Return what may differ when the same is asked again, from elsewhere."""
        return {"key", "shown", "in_force", "regime", "account"}


@dataclass(frozen=True, kw_only=True)
class Choice(Act):
    """What a visitor submits at once; purposes not named keep their decision."""

    decisions: Decisions
    vendors: Decisions
    after: int | None = None
    layout: str | None = None
    made_at: datetime | None = None

    def check(self) -> None:
        """Raise InvalidChoice unless the notice shown allows this choice."""
        if not self.decisions and not self.vendors:
            raise InvalidChoice("a choice names at least one purpose or vendor")
        if self.locale not in self.shown.locales:
            raise InvalidChoice(f"the notice is not written in {self.locale!r}")
        for purpose_id, decision in self.decisions.items():
            purpose = _decidable(self.shown, purpose_id)
            if decision not in {Decision.GRANTED, purpose.no}:
                expected = f"'granted' or '{purpose.no}'"
                raise InvalidChoice(f"{purpose_id}: expected {expected}")
        for name, decision in self.vendors.items():
            _check_exception(self.shown, name, decision)
        if self.grants and self.subject is None:
            raise InvalidChoice("a grant needs a secret")

    @property
    def grants(self) -> bool:
        """Whether anything is granted."""
        granted = [*self.decisions.values(), *self.vendors.values()]
        return Decision.GRANTED in granted

    def following(self, head: Record | None, number: int, at: datetime) -> Record:
        """Return the record that comes after head, or the first of its subject.

        A no without a head has no subject: a no needs no identifier. Who is logged
        in has one already, and their no is to follow them.
        """
        made = self._made(head, number, at)
        kept = _kept(head, self.in_force)
        decisions = _without_vendor_grants(kept, made) | made
        anonymous = head is None and not self.grants and not self.account
        return Record(
            site=self.site,
            number=number,
            at=at,
            action=_action(kept, decisions, head),
            how=self.how,
            notice=self.shown.version,
            terms=self._terms_version(head),
            locale=self.locale,
            regime=self.regime,
            decisions=decisions,
            key=self.key,
            command=self.command(),
            subject=None if anonymous else self.subject,
            previous=head.number if head else None,
            layout=self.layout,
            gpc=self.gpc,
            made_at=self.made_at,
            account=self.account,
        )

    def _made(self, head: Record | None, number: int, at: datetime) -> dict[str, Made]:
        """Return the decisions made by this choice that really take effect."""
        held = head.decisions if head else {}
        named = {**self.decisions, **self.vendors}
        effective = {
            name: decision
            for name, decision in named.items()
            if not _is_overturned(held, name, decision, self.after)
        }
        if self.gpc:
            effective |= self._refused_by_signal(held)
        return {
            name: Made(decision, number, self.shown.version, at, self.gpc)
            for name, decision in effective.items()
        }

    def _refused_by_signal(self, held: Mapping[str, Made]) -> dict[str, Decision]:
        """Return the no to each selling purpose not named and not granted under GPC."""
        return {
            purpose.id: purpose.no
            for purpose in self.shown.optional.values()
            if purpose.sells
            and purpose.id not in self.decisions
            and not (_grants(held.get(purpose.id)) and held[purpose.id].gpc)
        }

    def _worked_out(self) -> set[str]:
        is_told = len(set(self.shown.regimes.values())) == 1
        return super()._worked_out() - ({"regime"} if is_told else set())

    def _terms_version(self, head: Record | None) -> int:
        named = {name.partition(":")[0] for name in (*self.decisions, *self.vendors)}
        return _terms_version(
            self.shown.version, head.terms if head else 0, named, self.in_force
        )


@dataclass(frozen=True, kw_only=True)
class Withdrawal(Act):
    """A visitor takes consent back for some purposes, or for all of them."""

    purposes: frozenset[str] | None = None

    def check(self) -> None:
        """Raise InvalidChoice unless either notice has these purposes."""
        for purpose_id in self.purposes or ():
            known = purpose_id in self.in_force.purposes
            _decidable(self.in_force if known else self.shown, purpose_id)

    def following(self, head: Record | None, number: int, at: datetime) -> Record:
        """Return the record that comes after head; without head it has no subject."""
        version = self.in_force.version
        made = {
            purpose.id: Made(purpose.no, number, version, at, self.gpc)
            for purpose in self.in_force.optional.values()
            if self.purposes is None or purpose.id in self.purposes
        }
        kept = _kept(head, self.in_force)
        return Record(
            site=self.site,
            number=number,
            at=at,
            action=Action.WITHDRAWN,
            how=self.how,
            notice=version,
            terms=_terms_version(
                version,
                head.terms if head else self.shown.version,
                set(made),
                self.in_force,
            ),
            locale=self.locale,
            regime=head.regime if head else self.regime,
            decisions=_without_vendor_grants(kept, made) | made,
            key=self.key,
            command=self.command(),
            subject=self.subject if head else None,
            previous=head.number if head else None,
            gpc=self.gpc,
            account=head.account if head else False,
        )

    def _asked_version(self) -> int | None:
        return None


def _decidable(terms: Terms, purpose_id: str) -> PurposeTerms:
    if purpose_id not in terms.purposes:
        raise InvalidChoice(f"{purpose_id}: the notice has no such purpose")
    if purpose_id not in terms.optional:
        raise InvalidChoice(f"{purpose_id}: is necessary and not decided about")
    return terms.optional[purpose_id]


def _check_exception(terms: Terms, name: str, decision: Decision) -> None:
    purpose_id, _, vendor_id = name.partition(":")
    if vendor_id not in _decidable(terms, purpose_id).vendors:
        raise InvalidChoice(f"{name}: expected purpose:vendor of the notice")
    if decision is Decision.OBJECTED:
        raise InvalidChoice(f"{name}: expected 'granted' or 'refused'")


def _grants(made: Made | None) -> bool:
    return made is not None and made.decision is Decision.GRANTED


def _is_overturned(
    held: Mapping[str, Made], name: str, decision: Decision, after: int | None
) -> bool:
    """Tell whether a grant comes too late: a no was made that its browser never saw."""
    if decision is not Decision.GRANTED or not held:
        return False
    purpose_id = name.partition(":")[0]
    newest_no = max(
        (
            held[place].number
            for place in {name, purpose_id} & held.keys()
            if not _grants(held[place])
        ),
        default=-1,
    )
    known = -1 if after is None else after
    return newest_no > known


def _kept(head: Record | None, in_force: Terms) -> dict[str, Made]:
    """Return head's decisions, without those about what has changed since."""
    if head is None:
        return {}
    return {
        name: made
        for name, made in head.decisions.items()
        if _stands(name, made, in_force)
    }


def _stands(name: str, made: Made, in_force: Terms) -> bool:
    purpose_id, _, vendor_id = name.partition(":")
    purpose = in_force.optional.get(purpose_id)
    if purpose is None or made.notice < purpose.since:
        return False
    return not vendor_id or vendor_id in purpose.vendors


def _without_vendor_grants(
    kept: Mapping[str, Made], made: Mapping[str, Made]
) -> dict[str, Made]:
    """Drop the grants to vendors of each purpose that is said no to."""
    refused = {name for name, new in made.items() if not _grants(new)}
    return {
        name: old
        for name, old in kept.items()
        if not (":" in name and _grants(old) and name.partition(":")[0] in refused)
    }


def _action(
    kept: Mapping[str, Made], decisions: Mapping[str, Made], head: Record | None
) -> Action:
    before = {name for name, made in kept.items() if _grants(made)}
    now = {name for name, made in decisions.items() if _grants(made)}
    if head is None:
        return Action.GIVEN if now else Action.REFUSED
    if before - now and not now - before:
        return Action.WITHDRAWN
    return Action.CHANGED if now else Action.REFUSED


def _terms_version(shown: int, held: int, named: set[str], in_force: Terms) -> int:
    """Return the version that a token for these decisions is checked against.

    The version already held goes on while no purpose named is newer than it, so
    that deciding about one purpose never passes for having been asked about
    another. What was decided on a notice that has changed since stands under
    that one, and is outdated.
    """
    purposes = in_force.optional
    newest = max((purposes[name].since for name in named & purposes.keys()), default=0)
    if shown < newest or newest > held:
        return shown
    return held
