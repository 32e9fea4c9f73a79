"""What was measured as a table: a row for each measure, a column for each banner."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.browser.banners import BANNERS
from benchmarks.browser.checks import PASSED
from benchmarks.report import row

Value = float | str
Results = Mapping[str, Mapping[str, Sequence[Value]]]
"""For each banner and measure what each round found."""


@dataclass(frozen=True)
class Measure:
    """One row: what it is called, and how its numbers are written."""

    title: str
    shown: str = "{:,.0f}"


MEASURES = {
    "bytes": Measure("transferred, bytes"),
    "requests": Measure("requests"),
    "visible": Measure("visible after, ms"),
    "script": Measure("scripting, ms"),
    "blocking": Measure("blocking time, ms"),
    "longest_task": Measure("longest task over 50, ms"),
    "shift": Measure("layout shift (CLS)", "{:.3f}"),
    "largest_paint": Measure("page's largest paint (LCP), ms"),
    "is_largest_paint": Measure("loads whose LCP is the banner", "{:.0%}"),
    "gone": Measure("click to gone, ms"),
    "interaction": Measure("interaction to next paint, ms"),
    "clicks": Measure("clicks to reject"),
    "stored": Measure("stored before a choice"),
    "axe": Measure("axe rules violated"),
    "strict": Measure("strict CSP"),
    "trusted": Measure("and Trusted Types"),
}


def over_page(results: Results) -> Results:
    """Return results with each scripting time less that of the page alone."""
    alone = results["none"]["script"]
    return {
        key: {
            **found,
            "script": [
                float(value) - float(page)
                for value, page in zip(found["script"], alone, strict=True)
            ],
        }
        for key, found in results.items()
    }


def markdown(results: Results, browser: str) -> str:
    """Return the table, with a line about how to read it."""
    heads = [BANNERS[key].title for key in results]
    lines = [row(["", *heads]), row(["---"] + ["---:"] * len(heads))]
    lines += [
        row([one.title, *_cells(results, name)]) for name, one in MEASURES.items()
    ]
    rounds = len(results["none"]["script"])
    note = (
        f"{browser}; rounds, interleaved: {rounds}. Medians, with least and most where"
        " they differ; the best banner of each row in bold."
    )
    return "\n".join([*lines, "", note, ""])


def _cells(results: Results, name: str) -> Iterator[str]:
    ranks = [
        _rank(of[name]) for key, of in results.items() if name in of and key != "none"
    ]
    for key, found in results.items():
        if name not in found:
            yield ""
        elif key != "none" and _rank(found[name]) == min(ranks):
            yield f"**{_cell(found[name], MEASURES[name].shown)}**"
        else:
            yield _cell(found[name], MEASURES[name].shown)


def _rank(values: Sequence[Value]) -> float:
    numbers = [value for value in values if not isinstance(value, str)]
    return median(numbers) if numbers else float(values[0] != PASSED)


def _cell(values: Sequence[Value], shown: str) -> str:
    numbers = [value for value in values if not isinstance(value, str)]
    if not numbers:
        return str(values[0])
    middle, least, most = (
        shown.format(value) for value in (median(numbers), min(numbers), max(numbers))
    )
    return middle if least == most else f"{middle} ({least} to {most})"
