"""Open a ledger in a process of its own: how long it takes, and how much memory."""

import json
import sys
import time
from pathlib import Path

import click
import psutil

from benchmarks.places import Place
from consent.services import audits
from consent.services.runtime import Runtime


def opened(place: Place) -> Runtime:
    """Open the parts of a process on a place's database."""
    return Runtime.open(place.settings)


def main() -> None:
    """Print seconds and bytes as JSON; the place comes as JSON too."""
    given = json.loads(sys.argv[1])
    place = Place(**given | {"folder": Path(given["folder"])})
    empty = _memory()
    started = time.perf_counter()
    runtime = opened(place)
    ready = time.perf_counter()
    full = _memory()
    (site,) = runtime.follower.sites
    verified = audits.verify(runtime, site)
    taken = time.perf_counter() - ready
    runtime.close()
    if verified.faults:
        raise RuntimeError(f"{verified.faults[:3]}")
    said = {
        "start_seconds": ready - started,
        "memory_bytes": full,
        "memory_before_bytes": empty,
        "verify_rate": verified.size / taken,
        "entries": verified.size,
    }
    click.echo(json.dumps(said))


def _memory() -> int:
    return int(psutil.Process().memory_info().rss)


if __name__ == "__main__":
    main()
