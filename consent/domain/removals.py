"""Removing content: a subject's on request, and everybody's once it served its time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from consent.domain.entries import Erasure, Retention


@dataclass(frozen=True)
class Erase:
    """A subject about to be erased (GDPR Art. 17)."""

    site: str
    subject: bytes

    def following(self, numbers: Sequence[int], number: int, at: datetime) -> Erasure:
        """Return the entry that names the records whose contents go."""
        return Erasure(site=self.site, number=number, at=at, numbers=tuple(numbers))


@dataclass(frozen=True)
class Purge:
    """Records about to lose their contents: all that have a number below this one."""

    site: str
    below: int

    def following(self, numbers: Sequence[int], number: int, at: datetime) -> Retention:
        """Return the entry that says how far contents went, whichever numbers those."""
        return Retention(site=self.site, number=number, at=at, below=self.below)
