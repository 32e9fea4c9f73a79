"""The kill switch: an operator stops a purpose or a vendor everywhere at once."""

from dataclasses import dataclass
from datetime import datetime

from consent.domain.entries import Suspension


@dataclass(frozen=True, kw_only=True)
class Switch:
    """A suspension about to be set or lifted; exactly one of the targets is given."""

    site: str
    lifted: bool
    purpose: str | None = None
    vendor: str | None = None

    def following(self, previous: None, number: int, at: datetime) -> Suspension:
        """Return the entry; nothing precedes it."""
        return Suspension(
            site=self.site,
            number=number,
            at=at,
            lifted=self.lifted,
            purpose=self.purpose,
            vendor=self.vendor,
        )
