"""The past of each site: its history in memory, and where subjects stood."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, select

from consent.domain import entries
from consent.domain.entries import Record
from consent.domain.history import History
from consent.domain.vocabulary import Reason
from consent.errors import Unavailable
from consent.store import ledger, tables
from consent.store.database import Database

WAIT_SECONDS = 2
Place = tuple[bytes, int]
"""A subject, and the size that its ledger had."""
Standing = Record | Reason
"""The newest record that a subject had, or why there is none to go by."""


class Past:
    """Histories of one process: each is read when it is first asked for, then kept."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._histories: dict[tuple[str, str], History] = {}
        self._applying = threading.Lock()

    def history(self, site: str) -> History:
        """Return the history of a site up to now; raises UnknownSite, Unavailable."""
        with self._alone(), self._database.reading() as connection:
            row = ledger.site_row(connection, site)
            # Under another origin a ledger may have lost what was read before.
            history = self._histories.setdefault((site, row.origin), History(site))
            if history.size < row.size:
                since = history.size
                for change, at in ledger.changes_from(connection, row.site_id, since):
                    history.apply(change, at)
            return history

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # A long ledger takes minutes at first; whoever waits holds up a thread that
        # records choices.
        if not self._applying.acquire(timeout=WAIT_SECONDS):
            raise Unavailable("the past is being read for the first time; try again")
        try:
            yield
        finally:
            self._applying.release()

    def records(self, site: str, places: Iterable[Place]) -> dict[Place, Standing]:
        """Return where subjects stood when the ledger of a site had certain sizes.

        A record is missing if the subject had none yet, and withdrawn if none is
        known (any more). Raises UnknownSite, Unavailable.
        """
        wanted = set(places)
        if not wanted:
            return {}
        with self._database.reading() as connection:
            site_id = ledger.site_row(connection, site).site_id
            return _standing(connection, site_id, wanted)


def _standing(
    connection: Connection, site_id: int, wanted: set[Place]
) -> dict[Place, Standing]:
    """Walk back from each subject's head, all of them one step at a time."""
    found: dict[Place, Standing] = dict.fromkeys(wanted, Reason.WITHDRAWN)
    heads = _heads(connection, site_id, {subject for subject, _ in wanted})
    at = {place: heads[place[0]] for place in wanted if place[0] in heads}
    while at:
        kept = _records(connection, site_id, set(at.values()))
        earlier = {}
        for place, number in at.items():
            record = kept.get(number)
            if record is None:
                continue
            if record.number < place[1]:
                found[place] = record
            elif record.previous is None:
                found[place] = Reason.MISSING
            else:
                earlier[place] = record.previous
        at = earlier
    return found


def _heads(
    connection: Connection, site_id: int, subjects: set[bytes]
) -> dict[bytes, int]:
    head = tables.head
    query = select(head.c.subject, head.c.number).where(
        head.c.site_id == site_id, head.c.subject.in_(subjects)
    )
    return {row.subject: row.number for row in connection.execute(query)}


def _records(
    connection: Connection, site_id: int, numbers: set[int]
) -> dict[int, Record]:
    content = tables.content
    query = select(content.c.body).where(
        content.c.site_id == site_id, content.c.number.in_(numbers)
    )
    bodies = map(entries.decode, connection.scalars(query))
    return {body.number: body for body in bodies if isinstance(body, Record)}
