"""The terms of a published notice: what checks and choices need of it."""

from dataclasses import dataclass
from functools import cached_property

from consent.domain import regions
from consent.domain.entries import Publication
from consent.domain.vocabulary import Basis, Decision, Regime
from consent.errors import InvalidChoice


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
    """One version's terms; `regimes` and `term_days` are by region and by regime."""

    site: str
    version: int
    regimes: dict[str, Regime]
    term_days: dict[Regime, int]
    locales: tuple[str, ...]
    purposes: dict[str, PurposeTerms]
    vendors: dict[str, int]

    def regime_in(self, region: str | None) -> Regime:
        """Return the regime that holds in a region; if not known, the strictest."""
        return regions.regime_in(region, self.regimes)

    def regime_of(self, region: str | None, asked: Regime | None) -> Regime:
        """Return the regime of a choice; it may only name a stricter one than ours.

        Who moved to where a stricter one holds was shown another: the act stands
        there. Raises InvalidChoice for a laxer one that the notice has nowhere.
        """
        ours = self.regime_in(region)
        strictest = regions.strictest([ours, asked or ours])
        if asked not in {None, strictest, *self.regimes.values()}:
            raise InvalidChoice(f"regime: expected {ours} or stricter")
        return strictest

    @cached_property
    def optional(self) -> dict[str, PurposeTerms]:
        """The purposes a visitor decides about."""
        return {
            purpose.id: purpose
            for purpose in self.purposes.values()
            if purpose.basis is not Basis.EXEMPT
        }


def terms_of(publication: Publication) -> Terms:
    """Return the terms of a publication; nobody can allow what it does not offer."""
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
        for purpose in notice.offered
    }
    return Terms(
        site=notice.site,
        version=publication.version,
        regimes=notice.by_region,
        term_days={regime: notice.term_days_under(regime) for regime in Regime},
        locales=notice.locales,
        purposes=purposes,
        vendors={
            vendor.id: publication.vendors[vendor.id] for vendor in notice.vendors
        },
    )
