"""Audit a ledger from outside: by what it publishes, and by an export of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from consent.domain import ledger_export, tiles
from consent.domain.audit import Audit
from consent.domain.checkpoints import Checkpoint, Trust
from consent.domain.ledger_export import Header
from consent.domain.merkle import WIDTH, leaf_hash
from consent.domain.regrowth import Fault, Nodes, Regrowth
from consent.domain.tiles import Tile
from consent.errors import InvalidProof, NotFound, Unavailable
from consent.services.audits import Verified, miscounted, read_notes, stray_heads
from consent.services.progress import Progress, counted, no_progress
from consent.services.published_log import PublishedLog


@dataclass(frozen=True)
class Published:
    """A ledger at its address, and the checkpoint it publishes now."""

    log: PublishedLog
    trust: Trust
    note: str
    checkpoint: Checkpoint


@dataclass(frozen=True)
class Audited(Verified):
    """What was audited, up to which root, and the checkpoint that goes with it.

    `trust` is what was believed.
    """

    what: str
    trust: Trust
    root: bytes | None
    note: str | None


def audit(
    address: str | None,
    path: Path | None,
    keys: Sequence[str] = (),
    since: str | None = None,
    progress: Progress = no_progress,
) -> list[Audited]:
    """Audit an export, the ledger at an address, or both against each other.

    `keys` are verifier keys known from elsewhere; without any, those that the ledger
    names itself are believed. `since` is a note kept earlier. Raises InvalidProof,
    or Unavailable if something cannot be read.
    """
    if address is None:
        if path is None:
            raise InvalidProof("expected an address or an export")
        trust = Trust.of(keys or export_header(path).keys)
        return [audit_export(path, trust, _since(since, trust), progress)]
    with PublishedLog(address) as log:
        trust = Trust.of(keys or log.keys())
        note = log.checkpoint()
        found = Published(log, trust, note, trust.read(note))
        known = _since(since, trust)
        if path is None:
            return [audit_published(found, known, progress)]
        exported = _audit_beside(path, found, known, progress)
        if exported.root and exported.size <= found.checkpoint.size:
            known.append(Checkpoint(trust.origin, exported.size, exported.root))
        return [exported, audit_published(found, known, progress)]


def audit_published(
    found: Published,
    known: Sequence[Checkpoint] = (),
    progress: Progress = no_progress,
) -> Audited:
    """Fetch all entries and tiles; compare them with one another and what was signed.

    `known` are checkpoints seen elsewhere or earlier that the ledger has to fit too.
    Raises Unavailable if the ledger stops answering.
    """
    size = found.checkpoint.size
    tree = Regrowth([found.checkpoint, *known], _nodes(found.log, size))
    faults: list[Fault] = []
    try:
        for tile in tiles.tiles_of(size, 0):
            faults += _audit_tile(found.log, tile, tree)
            progress(tree.size, size)
    except (InvalidProof, NotFound) as exc:
        faults.append(Fault(None, str(exc)))
    faults += tree.lost(size)
    return Audited(
        size=tree.size,
        signed=size,
        faults=tuple(faults),
        what=found.log.address,
        trust=found.trust,
        root=tree.root(),
        note=found.note,
    )


def export_header(path: Path) -> Header:
    """Return what an export is headed by; raises InvalidProof or Unavailable."""
    return ledger_export.read_header(next(_lines(path), b""))


def audit_export(
    path: Path,
    trust: Trust,
    known: Sequence[Checkpoint] = (),
    progress: Progress = no_progress,
) -> Audited:
    """Walk through an export; raises InvalidProof if it is none, or Unavailable.

    `known` are checkpoints seen elsewhere that it has to fit as well.
    """
    header = export_header(path)
    notes = {"of the export": header.checkpoint}
    signed, faults = read_notes(notes, trust.origin, trust.keys)
    audit = Audit(header.site, [*signed, *known])
    lines = _lines(path)
    next(lines)
    try:
        faults += _audit_lines(audit, lines, header, progress)
    except InvalidProof as exc:
        faults.append(Fault(None, str(exc)))
    if header.size and not signed:
        faults.append(Fault(None, "the export has no checkpoint that is trusted here"))
    if header.origin != trust.origin:
        faults.append(Fault(None, f"the export is of {header.origin}"))
    sizes = [one.size for one in (*signed, *known)]
    return Audited(
        size=audit.size,
        signed=max(sizes, default=0),
        faults=tuple(faults),
        what=str(path),
        trust=trust,
        root=audit.root(),
        note=header.checkpoint if signed else None,
    )


def _audit_beside(
    path: Path,
    found: Published,
    known: Sequence[Checkpoint],
    progress: Progress,
) -> Audited:
    """Audit an export that has to fit what is published, as far as it goes."""
    reaches = export_header(path).size >= found.checkpoint.size
    also = [*known, found.checkpoint] if reaches else known
    return audit_export(path, found.trust, also, progress)


def _since(note: str | None, trust: Trust) -> list[Checkpoint]:
    return [] if note is None else [trust.read(note)]


def _audit_tile(log: PublishedLog, tile: Tile, tree: Regrowth) -> Iterator[Fault]:
    leaves = [leaf_hash(one) for one in log.commitments(tile)]
    if log.hashes(tile) != leaves:
        yield Fault(None, f"tile 0/{tile.path()} is not that of its entries")
    yield from tree.extend(leaves)


def _nodes(log: PublishedLog, size: int) -> Nodes:
    """Return what looks up hashes in published tiles, one tile a level at a time."""
    read: dict[int, tuple[Tile, list[bytes]]] = {}

    def published_node(level: int, number: int) -> bytes | None:
        place = number // WIDTH
        width = min(WIDTH, size // WIDTH**level - place * WIDTH)
        tile = Tile(level, place, width)
        if level not in read or read[level][0] != tile:
            try:
                read[level] = tile, log.hashes(tile)
            except NotFound:
                read[level] = tile, []
        hashes = read[level][1]
        return hashes[number % WIDTH] if hashes else None

    return published_node


def _audit_lines(
    audit: Audit, lines: Iterator[bytes], header: Header, progress: Progress
) -> Iterator[Fault]:
    last: list[bytes] = []
    entries = ledger_export.read_entries(_all_but_last(lines, last))
    yield from audit.walk(counted(entries, header.size, progress))
    yield from audit.close()
    if audit.size != header.size:
        yield miscounted(header.size, audit.size)
    trailer = ledger_export.read_trailer(b"".join(last))
    yield from stray_heads(trailer.strays)
    yield from audit.compare(trailer.statuses, trailer.heads)


def _all_but_last(lines: Iterator[bytes], last: list[bytes]) -> Iterator[bytes]:
    """Yield lines; put the last one aside."""
    before = next(lines, b"")
    for line in lines:
        yield before
        before = line
    last.append(before)


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from file
    except OSError as exc:
        raise Unavailable(f"{path} cannot be read: {exc.strerror}") from exc
