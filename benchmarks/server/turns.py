"""What is measured in each round, one program after the other."""

import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from statistics import median, quantiles

from benchmarks.places import KINDS
from benchmarks.server import asking, wrk
from benchmarks.server.grounds import KNOWN, Grounds
from benchmarks.server.programs import HERE, c15t, nginx, ours, python
from benchmarks.server.tall import tall
from benchmarks.server.withdrawals import heard
from examples.demo.places import ROOT, SITE

PROCESSES = (1, 2)
WARM_SECONDS = 2
CHECK_SECONDS = 2
RECORD_SECONDS = 3
BODIES = 60_000
USERS = 100
"""c15t looks for users, and for their consents, without an index."""
WAL = "WAL"
"""The journal of our SQLite too; c15t is quicker with it than as it comes."""
Found = Iterator[tuple[str, float]]


def turns(grounds: Grounds) -> Found:
    """Measure everything once; yields what was measured, and its number."""
    for processes in PROCESSES:
        yield from _checks(grounds, processes)
        for kind in KINDS:
            yield from _peer_checks(grounds, kind, processes)
        with nginx(grounds.folder, processes) as address:
            rate = wrk.rate(address, [asking.get("/")], CHECK_SECONDS)
            yield f"nginx {processes}", rate
    for kind in KINDS:
        yield from _records(grounds, kind)
    yield from _decisions(grounds)
    for kind in KINDS:
        yield from _withdrawals(grounds, kind)


def _checks(grounds: Grounds, processes: int) -> Found:
    known, new = grounds.checks[:KNOWN], grounds.checks[KNOWN:]
    with ours(grounds.ledgers["sqlite"], processes) as address:
        wrk.rate(address, known, WARM_SECONDS)
        rate = wrk.rate(address, known, CHECK_SECONDS)
        yield f"check known {processes}", rate
        half, most = wrk.percentiles(address, known, rate / 2, CHECK_SECONDS)
        yield f"check p50 {processes}", half
        yield f"check p99 {processes}", most
        rate = wrk.rate(address, new, CHECK_SECONDS, once=True)
        yield f"check new {processes}", rate


def _peer_checks(grounds: Grounds, kind: str, processes: int) -> Found:
    users = [f"user-{number}" for number in range(USERS)]
    with c15t(grounds.empty[kind], processes, WAL) as address:
        for user in users:
            asking.posted(address + asking.SUBJECTS, asking.peer_choice(user))
        checks = [asking.peer_check(user) for user in users]
        wrk.rate(address, checks, WARM_SECONDS)
        rate = wrk.rate(address, checks, CHECK_SECONDS)
        yield f"peer check {kind} {processes}", rate


def _records(grounds: Grounds, kind: str) -> Found:
    with ours(grounds.ledgers[kind], 1) as address:
        yield f"record {kind}", _posted(address, asking.RECORDS, asking.choice)
    for journal in (WAL, "") if kind == "sqlite" else ("",):
        with c15t(grounds.empty[kind], 1, journal) as address:
            rate = _posted(address, asking.SUBJECTS, asking.peer_choice)
            yield f"peer record {kind} {journal}".rstrip(), rate


def _decisions(grounds: Grounds) -> Found:
    node = ["node", str(HERE / "deciding.mjs")]
    with ours(grounds.ledgers["sqlite"], 1) as address, tall(address) as long:
        told = [address, str(grounds.file)]
        yield from _printed("decide", python("deciding", *told))
        yield from _printed("node", [*node, *told, SITE, asking.PURPOSE])
        yield from _printed("follow", python("remembering", long))


def _withdrawals(grounds: Grounds, kind: str) -> Found:
    with ours(grounds.ledgers[kind], PROCESSES[-1]) as address:
        found = heard(address, grounds.folder)
    yield f"deny p50 {kind}", median(found.delays)
    yield f"deny p99 {kind}", _p99(found.delays)
    yield f"arrived {kind}", found.records_a_second


def _posted(address: str, path: str, body: Callable[[], bytes]) -> float:
    """Return how many records a second are taken, each new, after some to warm up."""
    for seconds in (WARM_SECONDS, RECORD_SECONDS):
        requests = [asking.post(path, body()) for _ in range(BODIES)]
        rate = wrk.rate(address, requests, seconds, once=True)
    return rate


def _printed(what: str, command: Sequence[str]) -> Found:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)  # noqa: S603 - our own programs
    for name, number in json.loads(done.stdout).items():
        yield f"{what} {name}", number


def _p99(values: Sequence[float]) -> float:
    return quantiles(values, n=100)[98]
