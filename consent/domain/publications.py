"""How a notice becomes a numbered publication: registers, and what is material."""

from dataclasses import dataclass
from datetime import datetime

from consent.domain import notices
from consent.domain.entries import Publication, Registered
from consent.domain.notices import Notice, Purpose
from consent.domain.vocabulary import Basis, Regime

_STRICTNESS = list(Regime)


@dataclass(frozen=True)
class Draft:
    """A notice about to be published; the site's newest publication precedes it.

    `origin` becomes the name of the site's ledger if this founds the site.
    """

    notice: Notice
    origin: str

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
            return None
        version = previous.version + 1 if previous else 1
        return Publication(
            site=self.site,
            number=number,
            at=at,
            version=version,
            digest=digest,
            notice=self.notice,
            purposes=_purpose_register(previous, self.notice, version),
            vendors=_vendor_register(previous, self.notice),
        )


def _purpose_register(
    previous: Publication | None, notice: Notice, version: int
) -> dict[str, Registered]:
    register = dict(previous.purposes) if previous else {}
    for purpose in notice.purposes:
        known = register.get(purpose.id)
        bit = known.bit if known else len(register)
        fresh = not previous or not known or material(previous.notice, notice, purpose)
        since = version if fresh or not known else known.since
        register[purpose.id] = Registered(bit, since)
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
    before = old.purpose(purpose.id)
    if before is None:
        return ["new purpose"]
    reasons = {
        "basis": before.basis is not purpose.basis,
        "sale or sharing begins": purpose.sells and not before.sells,
        "edition raised": purpose.edition > before.edition,
        "controller": old.controller.name != new.controller.name,
        "stricter regime": _is_stricter(new.regime, old.regime),
        "vendor or country added": bool(
            _recipients(new, purpose.id) - _recipients(old, purpose.id)
        ),
    }
    if purpose.basis is Basis.EXEMPT and before.basis is Basis.EXEMPT:
        return []
    return [reason for reason, holds in reasons.items() if holds]


def _is_stricter(new: Regime, old: Regime) -> bool:
    return _STRICTNESS.index(new) < _STRICTNESS.index(old)


def _recipients(notice: Notice, purpose_id: str) -> set[tuple[str, str | None]]:
    return {(vendor.id, vendor.country) for vendor in notice.vendors_of(purpose_id)}
