"""The integrator: folds each ledger into its tree, and signs what it has become.

Any process may do it, several at once: for the same entries they sign the same bytes.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from nacl.signing import SigningKey, VerifyKey
from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql

from consent.domain import checkpoints, merkle
from consent.domain.checkpoints import Checkpoint
from consent.domain.merkle import Hashes
from consent.domain.vocabulary import Use
from consent.errors import Forked, InvalidProof, MissingKey, NotFound
from consent.store import keys, ledger, tables, tree
from consent.store.database import Database
from consent.store.guard import Guard
from consent.store.ledger import SiteRow

log = logging.getLogger(__name__)


class Integrator:
    """Signs checkpoints of ledgers that fit what was signed of them before.

    `forks` tells, for each site whose ledger does not, why.
    """

    def __init__(
        self, database: Database, guard: Guard, private: Sequence[SigningKey]
    ) -> None:
        self._database = database
        self._guard = guard
        self._private = private
        self._signed: dict[str, tuple[str, int]] = {}
        self._examined: dict[str, tuple[str, int]] = {}
        self.forks: dict[str, str] = {}
        self.can_sign = bool(private)

    def examine(self) -> None:
        """Compare every ledger with its guarded checkpoint; raises Unavailable."""
        for row in self._rows():
            self._examine(row)

    def watch(self) -> None:
        """Compare what has changed, and sign nothing; raises Unavailable."""
        for row in self._rows():
            if self._has_changed(row, self._examined):
                self._examine(row)

    def integrate(self) -> None:
        """Fold what is new and sign it, site by site; raises Unavailable."""
        for row in self._rows():
            if self._has_changed(row, self._signed):
                self.integrate_site(row)

    def integrate_site(self, row: SiteRow) -> None:
        """Fold and sign one ledger as far as a row says; raises Unavailable."""
        self._examine(row)
        with self._database.reading() as connection:
            key = self._active(connection)
            if row.key in self.forks or not row.size or key is None:
                return
            note = checkpoints.sign(_checkpoint(connection, row), key)
        # Guarded first: what was published is never unknown to the guard.
        self._guard.keep(row.key, note)
        with self._database.writing() as connection:
            _publish(connection, row, note)
        self._signed[row.key] = (row.origin, row.size)

    def guarded(self, site: str) -> str | None:
        """Return the checkpoint kept outside the database; raises Unguarded."""
        return self._guard.newest(site)

    def start_anew(self, site: str, origin: str) -> None:
        """Go on with a ledger as it is under another origin, signed and guarded.

        Raises MissingKey, Forked if entries are missing in between, or Unavailable.
        """
        with self._database.writing() as connection:
            private = self._active(connection)
            if private is None:
                raise MissingKey("every private checkpoint key is retired")
            row = ledger.site_row(connection, site)._replace(origin=origin)
            rename = tables.site.update().where(tables.site.c.key == site)
            connection.execute(rename.values(origin=origin))
            mine = tables.checkpoint.c.site_id == row.site_id
            connection.execute(tables.checkpoint.delete().where(mine))
            tree.forget(connection, row.site_id)
            tree.store_full_tiles(connection, row.site_id, row.size)
            note = checkpoints.sign(_checkpoint(connection, row), private)
            _publish(connection, row, note)
            self._guard.keep(site, note, instead=True)
        self.forks.pop(site, None)

    def _examine(self, row: SiteRow) -> None:
        """Fold a ledger, and note whether it still fits its guarded checkpoint."""
        note = self._guard.newest(row.key)
        try:
            self._fold(row)
            if note is not None:
                self._fit(row, note)
        except Forked as exc:
            if row.key not in self.forks:
                log.critical("%s: not signed any more: %s", row.key, exc)
            self.forks[row.key] = str(exc)
        else:
            if self.forks.pop(row.key, None):
                log.warning("%s: fits what was signed of it again", row.key)
            self._examined[row.key] = (row.origin, row.size)

    def _fit(self, row: SiteRow, note: str) -> None:
        with self._database.reading() as connection:
            public = self.trusted_keys(connection)
            try:
                guarded = checkpoints.read(note, row.origin, public)
            except InvalidProof as exc:
                raise Forked(f"the guard's checkpoint proves nothing: {exc}") from exc
            _compare(connection, row, guarded)

    def _has_changed(self, row: SiteRow, done: Mapping[str, tuple[str, int]]) -> bool:
        is_done = done.get(row.key) == (row.origin, row.size)
        # One that does not fit may be put right at any moment.
        return not is_done or row.key in self.forks

    def _rows(self) -> list[SiteRow]:
        with self._database.reading() as connection:
            return ledger.sites(connection)

    def _fold(self, row: SiteRow) -> None:
        with self._database.reading() as connection:
            if tree.is_folded(connection, row.site_id, row.size):
                return
        with self._database.writing() as connection:
            tree.store_full_tiles(connection, row.site_id, row.size)

    def trusted_keys(self, connection: Connection) -> list[VerifyKey]:
        """Return the keys whose signatures under a checkpoint are believed here."""
        known = keys.public_keys(connection, Use.CHECKPOINT)
        own = [private.verify_key for private in self._private]
        return [*own, *(key.public for key in known if key.trusted)]

    def _active(self, connection: Connection) -> SigningKey | None:
        retired = {
            bytes(key.public)
            for key in keys.public_keys(connection, Use.CHECKPOINT)
            if key.retired_at
        }
        newest_first = reversed(self._private)
        usable = (k for k in newest_first if bytes(k.verify_key) not in retired)
        return next(usable, None)


def newest_note(connection: Connection, site_id: int) -> str | None:
    """Return the newest signed checkpoint of a ledger, if there is one."""
    table = tables.checkpoint
    return connection.scalar(select(table.c.note).where(table.c.site_id == site_id))


class Signed(NamedTuple):
    """A ledger, and the newest checkpoint that was signed of it."""

    site_id: int
    note: str


def signed(connection: Connection, site: str) -> Signed:
    """Return a ledger's newest checkpoint; raises UnknownSite, or NotFound."""
    row = ledger.site_row(connection, site)
    note = newest_note(connection, row.site_id)
    if note is None:
        raise NotFound(f"the ledger of {site} is not signed yet")
    return Signed(row.site_id, note)


def _checkpoint(connection: Connection, row: SiteRow) -> Checkpoint:
    hashes = tree.hashes_of(connection, row.site_id)
    return Checkpoint(row.origin, row.size, merkle.root(hashes, row.size))


def _compare(connection: Connection, row: SiteRow, guarded: Checkpoint) -> None:
    """Raise Forked unless a ledger begins with what a checkpoint says."""
    if row.size < guarded.size:
        raise Forked(
            f"entries from number {row.size} on are lost: {guarded.size} were signed"
        )
    hashes = tree.hashes_of(connection, row.site_id)
    if merkle.root(hashes, guarded.size) != guarded.root:
        newest = newest_note(connection, row.site_id)
        first = _fitting_size(hashes, newest, guarded.size) if newest else 0
        raise Forked(
            f"entries differ somewhere from number {first} to {guarded.size - 1}"
            " from what was signed"
        )


def _fitting_size(hashes: Hashes, note: str, most: int) -> int:
    """Return how far a ledger is what the newest checkpoint beside it says."""
    try:
        own = checkpoints.unverified(note)
    except InvalidProof:
        return 0
    fits = own.size <= most and merkle.root(hashes, own.size) == own.root
    return own.size if fits else 0


def _publish(connection: Connection, row: SiteRow, note: str) -> None:
    """Make a checkpoint the newest one, unless a larger one is."""
    table = tables.checkpoint
    fresh = postgresql.insert(table).values(
        site_id=row.site_id, size=row.size, note=note
    )
    connection.execute(
        fresh.on_conflict_do_update(
            index_elements=[table.c.site_id],
            set_={"size": fresh.excluded.size, "note": fresh.excluded.note},
            where=table.c.size < fresh.excluded.size,
        )
    )
