"""Measure ledgers of several sizes side by side, and report as Markdown and SVG."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import psycopg

from benchmarks import chart, report
from benchmarks.filling import STEP, fill
from benchmarks.measures import MEASURES, Ledger
from benchmarks.opening import opened
from benchmarks.places import KINDS, Place, places
from consent.domain.terms import terms_of
from consent.services import notices, sitefiles
from consent.services.runtime import migrate_database

SITE_FILE = Path(__file__).parent.parent / "examples" / "hummingbytes.yaml"
Results = dict[str, dict[str, Any]]


@click.command()
@click.option("--sizes", default="10000,50000", show_default=True)
@click.option("--databases", default=",".join(KINDS), show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    required=True,
    help="For the databases; those of an earlier run are used again.",
)
@click.option("--json", "json_file", type=click.Path(path_type=Path))
@click.option("--chart", "chart_file", type=click.Path(path_type=Path))
def main(
    sizes: str,
    databases: str,
    rounds: int,
    folder: Path,
    json_file: Path | None,
    chart_file: Path | None,
) -> None:
    """Fill ledgers, measure them in turns, print tables."""
    wanted = sorted(map(int, sizes.split(",")))
    found: dict[str, Results] = {}
    for kind in databases.split(","):
        with places(kind, folder.resolve(), wanted) as there:
            for place in there:
                prepare(place)
            found[kind] = measured(there, rounds)
    click.echo(report.markdown(found))
    if json_file:
        json_file.write_text(json.dumps(found, indent=1), "utf-8")
    if chart_file:
        chart_file.write_text(chart.svg(found), "utf-8")


def prepare(place: Place) -> None:
    """Publish the notice and fill the ledger, unless an earlier run did."""
    migrate_database(place.settings)
    runtime = opened(place)
    try:
        if runtime.follower.sites:
            return
        notice = sitefiles.load(SITE_FILE.read_text("utf-8"))
        # The records come after it, and still before now.
        first_at = datetime.now(UTC) - timedelta(days=1) - STEP * place.size
        runtime.clock.now = lambda: first_at  # type: ignore[method-assign]
        publication, _ = notices.publish(runtime, notice)
    finally:
        runtime.close()
    with timed(f"{place.kind}: filling {place.size} entries"):
        fill(place, terms_of(publication), publication.number + 1, first_at)


def measured(there: Sequence[Place], rounds: int) -> Results:
    """Measure ledgers in turns, so that what disturbs one disturbs all."""
    results: Results = {str(place.size): _once(place) for place in there}
    with ExitStack() as stack:
        ledgers = {str(p.size): stack.enter_context(_ledger(p)) for p in there}
        for name, measure in MEASURES.items():
            rates: dict[str, list[float]] = {size: [] for size in ledgers}
            for turn in range(rounds + 1):
                for size, ledger in ledgers.items():
                    rate = measure(ledger)
                    # The first turn warms up.
                    if turn:
                        rates[size].append(rate)
            for size, seen in rates.items():
                results[size][name] = statistics.median(seen)
            click.echo(f"{name}: {rates}", err=True)
    return results


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Tell how long something took."""
    started = datetime.now(UTC)
    yield
    seconds = (datetime.now(UTC) - started).total_seconds()
    click.echo(f"{what}: {seconds:.1f} s", err=True)


@contextmanager
def _ledger(place: Place) -> Iterator[Ledger]:
    runtime = opened(place)
    (site,) = runtime.follower.sites
    yield Ledger(runtime, site, place.size)
    runtime.close()


def _once(place: Place) -> dict[str, float]:
    """Return what a fresh process says, and how much room a record takes."""
    given = json.dumps(asdict(place), default=str)
    said = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "benchmarks.opening", given],
        check=True,
        stdout=subprocess.PIPE,
    ).stdout
    found: dict[str, float] = json.loads(said)
    # An earlier run may have made it longer.
    room = {"bytes_per_record": _bytes(place) / found["entries"]}
    click.echo(f"{place.kind} {place.size}: {found | room}", err=True)
    return found | room


def _bytes(place: Place) -> int:
    if place.kind == "sqlite":
        return Path(place.url.removeprefix("sqlite:///")).stat().st_size
    with psycopg.connect(str(place.owner)) as connection:
        row = connection.execute(
            "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind = 'r'"
        ).fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    main()
