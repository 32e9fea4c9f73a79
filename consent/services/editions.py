"""Every text that a site's privacy policy had, as its publications froze it."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from consent.domain.entries import Place
from consent.domain.notices import Policy
from consent.domain.state import SiteState
from consent.store.database import Database
from consent.store.ledger import LedgerReader


@dataclass(frozen=True)
class Edition:
    """A text of the policy: the notice version that brought it, and when that was.

    `locale` is the one that the notice speaks to whoever asks for none of its own.
    """

    version: int
    public_since: Place
    policy: Policy
    locale: str


class Editions:
    """Reads what policies said; each ledger is read again only after a publication."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._found = lru_cache(maxsize=64)(self._read)

    def of(self, state: SiteState) -> tuple[Edition, ...]:
        """Return the editions of a site's policy, newest first."""
        return self._found(state.site, tuple(state.published.values()))

    def _read(self, site: str, numbers: tuple[int, ...]) -> tuple[Edition, ...]:
        ledger = LedgerReader(self._database, site)
        published = map(ledger.publication, sorted(numbers))
        runs = groupby(published, lambda publication: publication.notice.policy)
        found = []
        for policy, publications in runs:
            first = next(publications)
            place, locale = first.public_since, first.notice.locales[0]
            if policy:
                found.append(Edition(first.version, place, policy, locale))
        return tuple(reversed(found))
