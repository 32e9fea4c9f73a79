"""What a ledger publishes to be proven by: checkpoint, tiles, proofs."""

from dataclasses import dataclass

from consent.domain import checkpoints, merkle, tiles
from consent.domain.tiles import Tile
from consent.errors import NotFound, Unavailable
from consent.services.runtime import Runtime
from consent.store import integrator, ledger, tree


@dataclass(frozen=True)
class Inclusion:
    """The way from an entry to a signed root (C2SP tlog-proof)."""

    number: int
    path: tuple[bytes, ...]
    note: str


def newest_checkpoint(runtime: Runtime, site: str) -> str:
    """Return the newest signed checkpoint; raises UnknownSite, or NotFound."""
    with runtime.database.reading() as connection:
        row = ledger.site_row(connection, site)
        note = integrator.newest_note(connection, row.site_id)
    if note is None:
        raise NotFound(f"the ledger of {site} is not signed yet")
    return note


def tile(runtime: Runtime, site: str, asked: Tile) -> bytes:
    """Return the hashes of a tile; raises UnknownSite, or NotFound beyond the tree."""
    with runtime.database.reading() as connection:
        row = ledger.site_row(connection, site)
        _require(asked, _signed_size(runtime, site))
        hashes = tree.hashes_of(connection, row.site_id)
        return b"".join(hashes(asked.level, asked.start, asked.stop))


def bundle(runtime: Runtime, site: str, asked: Tile) -> bytes:
    """Return the entries of a tile; raises UnknownSite, or NotFound beyond the tree."""
    with runtime.database.reading() as connection:
        row = ledger.site_row(connection, site)
        _require(asked, _signed_size(runtime, site))
        found = tree.commitments(connection, row.site_id, asked.start, asked.stop)
        return tiles.bundle(found)


def inclusion(runtime: Runtime, site: str, number: int) -> Inclusion:
    """Return the proof that an entry is in the ledger, signing it first if need be.

    Raises UnknownSite, or Unavailable if the ledger cannot be signed.
    """
    with runtime.database.reading() as connection:
        row = ledger.site_row(connection, site)
        note = integrator.newest_note(connection, row.site_id)
    if note is None or checkpoints.unverified(note).size <= number:
        runtime.integrator.integrate_site(row)
        note = newest_checkpoint(runtime, site)
    size = checkpoints.unverified(note).size
    if size <= number:
        raise Unavailable("the entry is not signed yet; try again")
    with runtime.database.reading() as connection:
        hashes = tree.hashes_of(connection, row.site_id)
        path = merkle.inclusion_proof(hashes, number, size)
    return Inclusion(number, tuple(path), note)


def _signed_size(runtime: Runtime, site: str) -> int:
    return checkpoints.unverified(newest_checkpoint(runtime, site)).size


def _require(asked: Tile, size: int) -> None:
    if not asked.fits(size):
        raise NotFound("the tree does not reach that far")
