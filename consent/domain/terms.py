"""The terms of a published notice: what checks and choices need of it."""

from dataclasses import dataclass
from functools import cached_property

from consent.domain.entries import Publication
from consent.domain.vocabulary import Basis, Decision, Regime


@dataclass(frozen=True, slots=True)
class PurposeTerms:
    """What decides about one purpose."""

    id: str
    bit: int
    since: int
    basis: Basis
    sells: bool
    vendors: frozenset[str]

    def is_allowed_by_default(self, regime: Regime, *, gpc: bool) -> bool:
        """Tell whether the purpose runs for a visitor who decided nothing about it."""
        asks_first = self.basis is Basis.CONSENT and regime is Regime.OPT_IN
        return not asks_first and not (gpc and self.sells)

    @property
    def no(self) -> Decision:
        """The word for a no to this purpose."""
        objects = self.basis is Basis.OBJECTION
        return Decision.OBJECTED if objects else Decision.REFUSED


@dataclass(frozen=True)
class Terms:
    """One version's terms."""

    site: str
    version: int
    regime: Regime
    term_days: int
    locales: tuple[str, ...]
    purposes: dict[str, PurposeTerms]
    vendors: dict[str, int]

    @cached_property
    def optional(self) -> dict[str, PurposeTerms]:
        """The purposes a visitor decides about."""
        return {
            purpose.id: purpose
            for purpose in self.purposes.values()
            if purpose.basis is not Basis.EXEMPT
        }


def terms_of(publication: Publication) -> Terms:
    """Return the terms of a publication."""
    notice = publication.notice
    purposes = {
        purpose.id: PurposeTerms(
            id=purpose.id,
            bit=publication.purposes[purpose.id].bit,
            since=publication.purposes[purpose.id].since,
            basis=purpose.basis,
            sells=purpose.sells,
            vendors=frozenset(vendor.id for vendor in notice.vendors_of(purpose.id)),
        )
        for purpose in notice.purposes
    }
    return Terms(
        site=notice.site,
        version=publication.version,
        regime=notice.regime,
        term_days=notice.term_days,
        locales=notice.locales,
        purposes=purposes,
        vendors={
            vendor.id: publication.vendors[vendor.id] for vendor in notice.vendors
        },
    )
