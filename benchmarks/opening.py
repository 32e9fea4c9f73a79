"""Open a ledger: how long it takes, and how much memory it needs."""

import gc
import time

import psutil

from benchmarks.places import Place
from consent.services import audits
from consent.services.runtime import Runtime

VERIFIED_UP_TO = 1_500_000
"""It is one walk, entry by entry: longer ones only take longer."""


def opened(place: Place) -> Runtime:
    """Open the parts of a process on a place's database."""
    return Runtime.open(place.settings)


def measured_opening(place: Place) -> tuple[Runtime, dict[str, float]]:
    """Open a place's ledger; return what that took as well."""
    before, started = _memory(), time.perf_counter()
    runtime = opened(place)
    taken = time.perf_counter() - started
    (site,) = runtime.follower.sites
    entries = runtime.follower.state(site).size
    said = {"start_seconds": taken, "memory_bytes": _memory() - before}
    if entries <= VERIFIED_UP_TO:
        said["verify_rate"] = _verify_rate(runtime, site)
    return runtime, said | {"entries": entries}


def _verify_rate(runtime: Runtime, site: str) -> float:
    started = time.perf_counter()
    verified = audits.verify(runtime, site)
    if verified.faults:
        raise RuntimeError(f"what was filled has faults: {verified.faults[:3]}")
    return verified.size / (time.perf_counter() - started)


def _memory() -> float:
    gc.collect()
    return float(psutil.Process().memory_info().rss)
