"""What stands for one visitor, purpose by purpose, just as every gateway decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from consent.domain.checks import Verdict
from consent.domain.entries import Made, Publication, Record
from consent.domain.notices import Purpose, Vendor
from consent.domain.regions import regime_in
from consent.domain.vocabulary import Basis, Decision, Reason
from consent.errors import UnknownRecord
from consent.services import choices, notices
from consent.services.answers import Answer
from consent.services.bodies import HeadRequest
from consent.services.checks import may_fire
from consent.services.defaults import signed_defaults
from consent.services.runtime import Runtime

_NOT_DECIDED = {Reason.MISSING, Reason.UNCONTESTED, Reason.DEFAULT}


@dataclass(frozen=True)
class Standing:
    """One purpose: the verdict now, and the decision that it rests on."""

    purpose: Purpose
    verdict: Verdict
    no: Decision
    made: Made | None
    vendors: tuple[tuple[Vendor, Verdict], ...]
    changes: tuple[str, ...] = ()
    """Why it is another one than that which was decided about, if it is."""
    has_head: bool = False

    @property
    def is_optional(self) -> bool:
        """Whether the visitor decides about it; nobody does where nobody is asked."""
        is_offered = self.verdict.reason is not Reason.UNKNOWN
        return is_offered and self.purpose.basis is not Basis.EXEMPT

    @property
    def decides_vendors(self) -> bool:
        """Whether a decision on one vendor would stand.

        A no without a subject is about whole purposes: its token names no vendor.
        """
        return self.is_optional and (self.has_head or not self.is_granted)

    @property
    def exceptions(self) -> tuple[Vendor, ...]:
        """The vendors that are allowed although the purpose is not."""
        if self.is_granted:
            return ()
        return tuple(vendor for vendor, verdict in self.vendors if verdict.allowed)

    @property
    def is_granted(self) -> bool:
        """Whether there is something to take back: a grant, or no objection yet."""
        reason = self.verdict.reason
        if reason is Reason.REFUSED and self.made:
            return self.made.decision is Decision.GRANTED
        return self.verdict.allowed or (
            reason is Reason.SUSPENDED
            and (self.made is None or self.made.decision is Decision.GRANTED)
        )

    @property
    def is_refused(self) -> bool:
        """Whether the visitor said no, rather than not having said yes (any more)."""
        said_no = self.made is not None and self.made.decision is not Decision.GRANTED
        outdated = self.verdict.reason in {Reason.OUTDATED, Reason.EXPIRED}
        no = self.verdict.reason in {Reason.REFUSED, Reason.OBJECTED} or said_no
        return no and not outdated and not self.is_granted


@dataclass(frozen=True)
class Preferences:
    """Everything that a visitor may see and change of one site."""

    publication: Publication
    head: Record | None
    expires_at: datetime | None
    standings: tuple[Standing, ...]
    heeds_gpc: bool

    @property
    def allowed(self) -> tuple[Standing, ...]:
        """What runs because the visitor allows it, or has not said no yet."""
        optional = (one for one in self.standings if one.is_optional)
        return tuple(one for one in optional if one.is_granted or one.exceptions)

    @property
    def changed(self) -> tuple[Standing, ...]:
        """The purposes that changed since they were decided about."""
        return tuple(one for one in self.standings if one.changes)

    def standing(self, purpose_id: str) -> Standing | None:
        """Return how a purpose stands, if the notice in force has it."""
        return next((s for s in self.standings if s.purpose.id == purpose_id), None)


def preferences(
    runtime: Runtime,
    site: str,
    secret: str | None,
    *,
    refused: Mapping[str, int],
    gpc: bool,
    region: str | None = None,
) -> Preferences:
    """Return how each purpose stands for whoever holds this secret.

    `refused` tells which purposes a visitor without subject said no to, and on
    which version: nothing else remembers it. Raises UnknownSite.
    """
    publication = notices.in_force(runtime, site)
    answer = _head(runtime, site, secret)
    head = None
    if answer is not None and answer.number is not None:
        head = runtime.ledger(site).record(answer.number)
    tokens = [answer.token] if answer and answer.token else []
    if answer is None:
        regime = regime_in(region, publication.notice.by_region)
        # Under Global Privacy Control too: the check knows that reason by itself.
        tokens = [*signed_defaults(runtime, publication, regime)[:1]]

    def verdict(purpose_id: str, vendor_id: str | None = None) -> Verdict:
        return may_fire(runtime, site, tokens, purpose_id, vendor_id, gpc=gpc)

    standings = tuple(
        Standing(
            purpose=purpose,
            verdict=_remembered(
                _decided(verdict(purpose.id), purpose, head),
                purpose,
                publication,
                refused,
            ),
            no=_no(purpose),
            made=head.decisions.get(purpose.id) if head else None,
            vendors=tuple(
                (vendor, verdict(purpose.id, vendor.id))
                for vendor in publication.notice.vendors_of(purpose.id)
            ),
            changes=_changes(publication, purpose, head),
            has_head=head is not None,
        )
        for purpose in publication.notice.purposes
    )
    return Preferences(
        publication, head, answer.expires_at if answer else None, standings, gpc
    )


def is_free(runtime: Runtime, site: str, secret: str | None) -> bool:
    """Tell whether a secret may give way to another: it has no record to lose."""
    return secret is None or choices.standing(runtime, site, secret) is None


def _head(runtime: Runtime, site: str, secret: str | None) -> Answer | None:
    if secret is None:
        return None
    try:
        return choices.head(runtime, site, HeadRequest(secret=secret))
    except UnknownRecord:
        return None


def _decided(verdict: Verdict, purpose: Purpose, head: Record | None) -> Verdict:
    """Return the verdict, told apart from a decision where none was made.

    A token says yes or no to every purpose; a page owes people the difference.
    """
    by_token = verdict.reason in {Reason.GRANTED, Reason.REFUSED}
    if head is None or purpose.id in head.decisions or not by_token:
        return verdict
    return Verdict(
        verdict.allowed, Reason.UNCONTESTED if verdict.allowed else Reason.MISSING
    )


def _remembered(
    verdict: Verdict,
    purpose: Purpose,
    publication: Publication,
    refused: Mapping[str, int],
) -> Verdict:
    """Return the verdict, less what was said no to without a subject."""
    asked_since = publication.purposes[purpose.id].since
    if verdict.reason in _NOT_DECIDED and refused.get(purpose.id, 0) >= asked_since:
        objects = purpose.basis is Basis.OBJECTION
        return Verdict(False, Reason.OBJECTED if objects else Reason.REFUSED)
    return verdict


def _changes(
    publication: Publication, purpose: Purpose, head: Record | None
) -> tuple[str, ...]:
    """Return how a purpose changed since the head's notice, or its own decision's."""
    if head is None or purpose.basis is Basis.EXEMPT:
        return ()
    made, registered = head.decisions.get(purpose.id), publication.purposes[purpose.id]
    answered = made.notice if made else head.notice
    return registered.reasons if answered < registered.since else ()


def _no(purpose: Purpose) -> Decision:
    objects = purpose.basis is Basis.OBJECTION
    return Decision.OBJECTED if objects else Decision.REFUSED
