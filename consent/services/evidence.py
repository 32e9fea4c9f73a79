"""What a ledger publishes to be proven by: checkpoint, tiles, proofs."""

from collections.abc import Sequence

from consent.domain import checkpoints, merkle, tiles
from consent.domain.inclusions import Inclusion
from consent.domain.tiles import Tile
from consent.errors import NotFound, Unavailable
from consent.services.runtime import Runtime
from consent.store import integrator, ledger, tree


def newest_checkpoint(runtime: Runtime, site: str) -> str:
    """Return the newest signed checkpoint; raises UnknownSite, or NotFound."""
    with runtime.database.reading() as connection:
        return integrator.signed(connection, site).note


def tile(runtime: Runtime, site: str, asked: Tile) -> bytes:
    """Return the hashes of a tile; raises UnknownSite, or NotFound beyond the tree."""
    with runtime.database.reading() as connection:
        site_id, note = integrator.signed(connection, site)
        _require(asked, note)
        hashes = tree.hashes_of(connection, site_id)
        return b"".join(hashes(asked.level, asked.start, asked.stop))


def bundle(runtime: Runtime, site: str, asked: Tile) -> bytes:
    """Return the entries of a tile; raises UnknownSite, or NotFound beyond the tree."""
    with runtime.database.reading() as connection:
        site_id, note = integrator.signed(connection, site)
        _require(asked, note)
        found = tree.commitments(connection, site_id, asked.start, asked.stop)
        return tiles.bundle(found)


def inclusions(runtime: Runtime, site: str, numbers: Sequence[int]) -> list[Inclusion]:
    """Return the proofs that entries are in the ledger, all by one checkpoint.

    Signs it first if need be. Raises UnknownSite, or Unavailable if it cannot be.
    """
    with runtime.database.reading() as connection:
        row = ledger.site_row(connection, site)
        note = integrator.newest_note(connection, row.site_id)
    newest = max(numbers)
    if note is None or checkpoints.unverified(note).size <= newest:
        runtime.integrator.integrate_site(row)
        with runtime.database.reading() as connection:
            note = integrator.newest_note(connection, row.site_id)
    if note is None or checkpoints.unverified(note).size <= newest:
        raise Unavailable("the ledger is not signed that far yet; try again")
    size = checkpoints.unverified(note).size
    with runtime.database.reading() as connection:
        hashes = tree.proof_hashes(connection, row.site_id, size)
        return [
            Inclusion(one, tuple(merkle.inclusion_proof(hashes, one, size)), note)
            for one in numbers
        ]


def _require(asked: Tile, note: str) -> None:
    if not asked.fits(checkpoints.unverified(note).size):
        raise NotFound("the tree does not reach that far")
