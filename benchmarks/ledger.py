"""Measure ledgers of several sizes side by side, and report as Markdown and SVG."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import click
import psycopg

from benchmarks import chart, report
from benchmarks.filling import STEP, fill
from benchmarks.measures import MEASURES, Ledger, Measure
from benchmarks.opening import measured_opening, opened
from benchmarks.places import KINDS, Place, places
from consent.domain.terms import terms_of
from consent.services import notices, sitefiles
from consent.services.runtime import migrate_database
from consent.store.database import Database
from consent.store.ledger import sites

SITE_FILE = Path(__file__).parent.parent / "examples" / "hummingbytes.yaml"
Results = dict[str, dict[str, float]]


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
    with closing(Database(place.url)) as database, database.reading() as connection:
        if sites(connection):
            return
    runtime = opened(place)
    try:
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
    results: Results = {}
    ledgers: dict[str, Ledger] = {}
    with ExitStack() as stack:
        for place in there:
            runtime, said = measured_opening(place)
            stack.callback(runtime.close)
            size, (site,) = str(place.size), runtime.follower.sites
            ledgers[size] = Ledger(runtime, site, place.size)
            results[size] = said | {"bytes": _bytes(place) / said["entries"]}
            click.echo(f"{place.kind}, {size} entries: {results[size]}", err=True)
        for name, measure in MEASURES.items():
            for size, rate in _in_turns(ledgers, measure, rounds).items():
                results[size][name] = rate
            click.echo(f"{name}: {[r[name] for r in results.values()]}", err=True)
    return results


def _in_turns(
    ledgers: dict[str, Ledger], measure: Measure, rounds: int
) -> dict[str, float]:
    """Return the median rate of each ledger; the first turn warms up."""
    turns = [
        {size: measure(ledger) for size, ledger in ledgers.items()}
        for _ in range(rounds + 1)
    ]
    return {size: median(turn[size] for turn in turns[1:]) for size in ledgers}


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Tell how long something took."""
    started = datetime.now(UTC)
    yield
    seconds = (datetime.now(UTC) - started).total_seconds()
    click.echo(f"{what}: {seconds:.1f} s", err=True)


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
