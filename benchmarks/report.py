"""What was measured as tables: one for each database."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

Results = Mapping[str, Mapping[str, float]]
"""For each size of a ledger what was measured of it."""

ONCE = {
    "start_seconds": ("start of a process, s", "{:,.1f}", 1),
    "memory_bytes": ("memory it takes, MB", "{:,.1f}", 1e6),
    "verify_rate": ("verified entries, 1/s", "{:,.0f}", 1),
    "bytes": ("bytes per record", "{:,.0f}", 1),
}
_NOT_RATES = {*ONCE, "entries"}
TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def markdown(found: Mapping[str, Results]) -> str:
    """Return a table for each database, rates a second, with what is left of them."""
    return "\n".join(_table(TITLES[kind], results) for kind, results in found.items())


def rates(results: Results) -> list[str]:
    """Return what was measured in turns, and has to stay flat."""
    return [name for name in next(iter(results.values())) if name not in _NOT_RATES]


def _table(title: str, results: Results) -> str:
    sizes = list(results)
    heads = [f"{int(size):,} records" for size in sizes]
    lines = [row([title, *heads]), row(["---"] + ["---:"] * len(sizes))]
    lines += [row([f"{name}, 1/s", *_rates(results, name)]) for name in rates(results)]
    lines += [row([what, *_once(results, name)]) for name, (what, *_) in ONCE.items()]
    return "\n".join([*lines, ""])


def _rates(results: Results, name: str) -> Iterator[str]:
    first = next(iter(results.values()))[name]
    for place, size in enumerate(results):
        rate = results[size][name]
        share = f" ({rate / first:.0%})" if place else ""
        yield f"{rate:,.0f}{share}"


def _once(results: Results, name: str) -> Iterator[str]:
    _, shown, scale = ONCE[name]
    for measured in results.values():
        known = name in measured
        yield shown.format(measured[name] / scale) if known else "not measured"


def row(cells: Sequence[str]) -> str:
    """Return a row of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def write_into(file: Path, target: str, table: str) -> None:
    """Put what `make target` found between its marks in a file."""
    marks = rf"(<!-- results of make {target} -->\n).*?(<!-- end of results -->)"
    text, count = re.subn(
        marks,
        lambda found: f"{found[1]}{table}{found[2]}",
        file.read_text("utf-8"),
        flags=re.DOTALL,
    )
    if count != 1:
        raise ValueError(f"{file} has {count} places for the results of {target}")
    file.write_text(text, "utf-8")
