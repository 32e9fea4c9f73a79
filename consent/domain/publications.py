"""How a notice becomes a numbered publication: registers, and what is material."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from consent.domain import notices, regions
from consent.domain.entries import Publication, Registered, Script
from consent.domain.notices import Notice, Purpose
from consent.domain.vocabulary import Basis, Regime

Scripting = Callable[[Publication], dict[str, Script]]
"""Works out a publication's scripts from all else it says; pure."""
_NO_PLACES = {regions.ELSEWHERE, *regions.GROUPS}


def without_scripts(_publication: Publication) -> dict[str, Script]:
    """Return no scripts, where none can be built; a renewal without any is none."""
    return {}


@dataclass(frozen=True)
class Draft:
    """A notice about to be published; the site's newest publication precedes it.

    `origin` becomes the name of the site's ledger if this founds the site.
    """

    notice: Notice
    origin: str
    scripting: Scripting = without_scripts

    @property
    def site(self) -> str:
        """The site whose ledger it goes to."""
        return self.notice.site

    def following(
        self, previous: Publication | None, number: int, at: datetime
    ) -> Publication | None:
        """Return the publication that comes next, or None if nothing changed."""
        digest = notices.digest(self.notice)
        if previous and previous.digest == digest:
            return Renewal(self.site, self.scripting).following(previous, number, at)
        version = previous.version + 1 if previous else 1
        publication = Publication(
            site=self.site,
            number=number,
            at=at,
            version=version,
            digest=digest,
            notice=self.notice,
            purposes=_purpose_register(previous, self.notice, version),
            vendors=_vendor_register(previous, self.notice),
        )
        return replace(publication, scripts=self.scripting(publication))


@dataclass(frozen=True)
class Renewal:
    """Whatever notice is in force, with the scripts of this release."""

    site: str
    scripting: Scripting

    def following(
        self, previous: Publication | None, number: int, at: datetime
    ) -> Publication | None:
        """Return the same version published again, or None if its scripts are these."""
        scripts = self.scripting(previous) if previous else {}
        if previous is None or scripts in ({}, previous.scripts):
            return None
        return replace(
            previous,
            number=number,
            at=at,
            scripts=scripts,
            renews=previous.number,
            first=previous.public_since,
        )


Publishing = Draft | Renewal


def _purpose_register(
    previous: Publication | None, notice: Notice, version: int
) -> dict[str, Registered]:
    register = dict(previous.purposes) if previous else {}
    for purpose in notice.purposes:
        known = register.get(purpose.id)
        reasons = material(previous.notice, notice, purpose) if previous else []
        if known and not reasons:
            continue
        bit = known.bit if known else len(register)
        register[purpose.id] = Registered(bit, version, tuple(reasons))
    return register


def _vendor_register(previous: Publication | None, notice: Notice) -> dict[str, int]:
    register = dict(previous.vendors) if previous else {}
    for vendor in notice.vendors:
        register.setdefault(vendor.id, len(register))
    return register


def material(old: Notice, new: Notice, purpose: Purpose) -> list[str]:
    """Return why a purpose must be asked about again; empty if it need not be.

    A new or returning purpose, another basis, sale begun, a vendor or a third
    country added, another controller, a stricter regime, or a raised edition
    are material (GDPR Art. 4(11): consent is specific and informed). Other
    words for the same thing are not.
    """
    if purpose not in new.offered:
        return []
    before = next((one for one in old.offered if one.id == purpose.id), None)
    if before is None:
        return ["new purpose"]
    reasons = {
        "basis": before.basis is not purpose.basis,
        "sale or sharing begins": purpose.sells and not before.sells,
        "edition raised": purpose.edition > before.edition,
        "controller": old.controller.name != new.controller.name,
        "stricter regime": _is_stricter(new.by_region, old.by_region),
        "vendor or country added": bool(
            _recipients(new, purpose.id) - _recipients(old, purpose.id)
        ),
    }
    if purpose.basis is Basis.EXEMPT and before.basis is Basis.EXEMPT:
        return []
    return [reason for reason, holds in reasons.items() if holds]


def _is_stricter(new: Mapping[str, Regime], old: Mapping[str, Regime]) -> bool:
    """Tell whether a stricter regime than before holds anywhere."""
    anywhere = [None, *regions.COUNTRIES, *(new.keys() | old.keys()) - _NO_PLACES]
    return any(
        before != now and regions.strictest([before, now]) is now
        for before, now in (
            (regions.regime_in(place, old), regions.regime_in(place, new))
            for place in anywhere
        )
    )


def _recipients(notice: Notice, purpose_id: str) -> set[tuple[str, str | None]]:
    return {(vendor.id, vendor.country) for vendor in notice.vendors_of(purpose_id)}
