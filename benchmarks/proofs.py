"""Measure how fast a ledger is folded, proven, verified, exported and audited.

    python -m benchmarks.proofs [--entries 1000000] [--folder /var/tmp]

It fills a SQLite ledger of its own, one record a subject. Rates are for one core.
"""

import argparse
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from consent.domain import checkpoints, merkle
from consent.domain.merkle import Frontier, leaf_hash
from consent.domain.regrowth import Fault
from consent.domain.tiles import Tile, tile_at
from consent.services import audits, evidence, keys, ledger_exports, outside_audits
from consent.services.notices import publish
from consent.services.outside_audits import Published
from consent.services.published_log import PublishedLog
from consent.services.runtime import Runtime, migrate_database
from consent.settings import Settings
from consent.store import tree, writer
from consent.store.ledger import site_row
from tests.factories import CHECKPOINT_KEY, SITE, TOKEN_KEY, choice, make_notice

BATCH = 5_000
MOST_GROWN = 1_000_000
PROOFS = 1_000


def main() -> None:
    """Fill a ledger, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with TemporaryDirectory(dir=asked.folder) as folder:
        runtime = opened(Path(folder))
        with measured("fill, contents included", asked.entries):
            fill(runtime, asked.entries)
        measure(runtime, Path(folder), asked.entries)
        runtime.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    click.echo(f"peak memory {peak:.0f} MB")


def opened(folder: Path) -> Runtime:
    """Return the parts on an empty database."""
    settings = Settings(
        database_url=f"sqlite:///{folder / 'consent.sqlite3'}",
        token_keys=(TOKEN_KEY,),
        checkpoint_keys=(CHECKPOINT_KEY,),
        checkpoint_guard=str(folder / "checkpoints"),
    )
    migrate_database(settings)
    return Runtime.open(settings)


def fill(runtime: Runtime, entries: int) -> None:
    """Append a publication, and a grant by each of so many subjects."""
    publish(runtime, make_notice())
    terms = runtime.follower.state(SITE).in_force
    for start in range(1, entries, BATCH):
        acts = [
            choice(terms, {"analytics": "granted"}, secret=f"{number:032x}")
            for number in range(start, min(start + BATCH, entries))
        ]
        with runtime.database.writing() as connection:
            writer.append(connection, acts, runtime.clock.now())


def measure(runtime: Runtime, folder: Path, entries: int) -> None:
    """Print a rate for each thing that is done with a ledger."""
    grow(min(entries, MOST_GROWN))
    with measured("fold and sign", entries):
        runtime.integrator.integrate()
    prove(runtime, entries)
    with measured("fold what checks are answered from", entries):
        runtime.follower.poll()
    with measured("consent ledger verify", entries):
        report(audits.verify(runtime, SITE).faults)
    path = folder / "export"
    with measured("consent ledger export", entries):
        ledger_exports.export_ledger(runtime, SITE, path)
    with measured("consent audit EXPORT", entries):
        (audited,) = outside_audits.audit(None, path)
    report(audited.faults)
    with measured("audit of tiles, without the network", entries):
        report(audit_tiles(runtime))


def grow(count: int) -> None:
    """Measure what a leaf costs in memory."""
    commitments = [number.to_bytes(32) for number in range(count)]
    with measured("hash leaves, and grow a tree of them", count):
        frontier = Frontier()
        for one in commitments:
            frontier.extend([leaf_hash(one)])


def prove(runtime: Runtime, entries: int) -> None:
    """Measure proofs of entries all over the ledger."""
    numbers = range(0, entries, -(-entries // PROOFS))
    with runtime.database.reading() as connection:
        site_id = site_row(connection, SITE).site_id
        with measured("inclusion proof", len(numbers)):
            for number in numbers:
                hashes = tree.proof_hashes(connection, site_id, entries)
                merkle.inclusion_proof(hashes, number, entries)
        with measured("consistency proof", len(numbers)):
            for number in numbers:
                hashes = tree.proof_hashes(connection, site_id, entries)
                merkle.consistency_proof(hashes, number, entries)


def audit_tiles(runtime: Runtime) -> tuple[Fault, ...]:
    """Audit what the ledger publishes; return what is wrong."""
    note = evidence.newest_checkpoint(runtime, SITE)
    trust = checkpoints.Trust.of(keys.verifier_keys(runtime, SITE))
    found = Published(Tiles(runtime), trust, note, trust.read(note))
    return outside_audits.audit_published(found).faults


class Tiles(PublishedLog):
    """What a ledger publishes, asked for without HTTP."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__("http://localhost/v1/shop/ledger")
        self._runtime = runtime

    def _get(self, path: str) -> bytes:
        _, level, place = path.split("/", 2)
        if level == "entries":
            return evidence.bundle(self._runtime, SITE, asked("0", place))
        return evidence.tile(self._runtime, SITE, asked(level, place))


def asked(level: str, place: str) -> Tile:
    """Return the tile at a place."""
    tile = tile_at(level, place)
    if tile is None:
        raise ValueError(place)
    return tile


def report(faults: tuple[Fault, ...]) -> None:
    """Stop unless there are no faults: a wrong result is no measurement."""
    if faults:
        raise SystemExit("\n".join(map(str, faults[:10])))


@contextmanager
def measured(what: str, count: int) -> Iterator[None]:
    """Print how long something took, and its rate by processor time."""
    started, worked = time.perf_counter(), time.process_time()
    yield
    took, busy = time.perf_counter() - started, time.process_time() - worked
    rate, each = count / busy, busy / count * 1e6
    click.echo(
        f"{what:38} {took:8.2f} s {busy:8.2f} s cpu {rate:11,.0f}/s {each:9.2f} µs"
    )


if __name__ == "__main__":
    main()
