"""What was measured as tables: beside c15t, and by itself; with what was aimed at."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.report import row
from benchmarks.server.programs import HERE

Found = Mapping[str, Sequence[float]]
"""What each round found, by what was measured."""


@dataclass(frozen=True)
class Beside:
    """A row of the first table: rates of ours and of c15t, and the ratio aimed at."""

    title: str
    ours: str
    peers: Mapping[str, str]
    goal: float

    def best(self, found: Found) -> str:
        """Return which of c15t's ways was the quickest."""
        return max(self.peers, key=lambda peer: median(found[peer]))

    def ratio(self, found: Found) -> float:
        """Return how many times as many ours does as the best of c15t's."""
        return median(found[self.ours]) / median(found[self.best(found)])


@dataclass(frozen=True)
class Alone:
    """A row of the second table; a goal below nought is the most there may be."""

    title: str
    name: str
    goal: float = 0
    scale: float = 1
    shown: str = "{:,.0f}"


def _checks(known: str, processes: int, goal: float) -> Beside:
    peers = {
        f"peer check sqlite {processes}": "SQLite",
        f"peer check postgresql {processes}": "PostgreSQL",
    }
    many = "1 process" if processes == 1 else f"{processes} processes"
    title = f"check, {known} token, {many}"
    return Beside(title, f"check {known} {processes}", peers, goal)


BESIDE = (
    _checks("known", 1, 25),
    _checks("known", 2, 25),
    _checks("new", 1, 5),
    _checks("new", 2, 5),
    Beside(
        "record, SQLite",
        "record sqlite",
        {"peer record sqlite WAL": "WAL", "peer record sqlite": "as it comes"},
        20,
    ),
    Beside(
        "record, PostgreSQL",
        "record postgresql",
        {"peer record postgresql": "PostgreSQL"},
        12,
    ),
)
_MS, _MB, _TENTHS = 1e-3, 1e6, "{:,.1f}"
ALONE = (
    Alone("check at half load, 1 process, p50, ms", "check p50 1", 0, _MS, "{:,.2f}"),
    Alone("and p99", "check p99 1", -3, _MS, "{:,.2f}"),
    Alone("check at half load, 2 processes, p50, ms", "check p50 2", 0, _MS, "{:,.2f}"),
    Alone("and p99", "check p99 2", -3, _MS, "{:,.2f}"),
    Alone("decisions in Python, known tokens, 1/s", "decide known", 3_000_000),
    Alone("and new ones", "decide new", 15_000),
    Alone("decisions in Node, known tokens, 1/s", "node known"),
    Alone("and new ones", "node new"),
    Alone("10,000,000 entries followed, MB", "follow memory", -32, _MB, _TENTHS),
    Alone("and at most meanwhile", "follow peak", -32, _MB, _TENTHS),
    Alone("withdrawn to denied, SQLite, p50, ms", "deny p50 sqlite", -150, _MS),
    Alone("and p99", "deny p99 sqlite", -1_000, _MS),
    Alone("records that arrived meanwhile, 1/s", "arrived sqlite", 990),
    Alone("withdrawn to denied, PostgreSQL, p50, ms", "deny p50 postgresql", -150, _MS),
    Alone("and p99", "deny p99 postgresql", -1_000, _MS),
    Alone("records that arrived meanwhile, 1/s", "arrived postgresql", 990),
    Alone("nginx answering 204, for scale, 1 process, 1/s", "nginx 1"),
    Alone("and 2 processes", "nginx 2"),
)


def markdown(found: Found, machine: str) -> str:
    """Return both tables, with a line about how to read them."""
    lines = [row(["1/s", "Consent", peer(), "ratio", "goal"])]
    lines.append(row(["---", "---:", "---:", "---:", "---:"]))
    lines += [row(list(_beside(one, found))) for one in BESIDE]
    lines += ["", row(["", "Consent", "goal"]), row(["---", "---:", "---:"])]
    lines += [row(list(_alone(one, found))) for one in ALONE]
    rounds = len(found["nginx 1"])
    note = (
        f"{machine}; rounds, interleaved: {rounds}. Medians, with least and most where"
        " they differ; of c15t the quicker way, named in brackets."
    )
    return "\n".join([*lines, "", note, ""])


def peer() -> str:
    """Return c15t's name and version."""
    package = HERE / "node_modules/@c15t/backend/package.json"
    return f"c15t {json.loads(package.read_text('utf-8'))['version']}"


def _beside(one: Beside, found: Found) -> Iterator[str]:
    best, ratio = one.best(found), one.ratio(found)
    yield one.title
    yield _cell(found[one.ours], "{:,.0f}")
    yield f"{_cell(found[best], '{:,.0f}')} [{one.peers[best]}]"
    yield f"{ratio:.1f}x"
    yield _judged(f"{one.goal}x", is_met=ratio >= one.goal)


def _alone(one: Alone, found: Found) -> Iterator[str]:
    values = [value / one.scale for value in found[one.name]]
    yield one.title
    yield _cell(values, one.shown)
    if not one.goal:
        yield ""
    elif one.goal < 0:
        yield _judged(f"under {-one.goal:,}", is_met=median(values) < -one.goal)
    else:
        yield _judged(f"{one.goal:,}", is_met=median(values) >= one.goal)


def _judged(goal: str, *, is_met: bool) -> str:
    return goal if is_met else f"**{goal}: missed**"


def _cell(values: Sequence[float], shown: str) -> str:
    middle, least, most = (
        shown.format(value) for value in (median(values), min(values), max(values))
    )
    return middle if least == most else f"{middle} ({least} to {most})"
