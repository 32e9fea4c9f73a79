"""Events in CSV: read, judged and written batch by batch."""

import csv
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from itertools import islice
from pathlib import Path

from consent.errors import InvalidEvents
from consent.services.events import ADDED, ASKED, BATCH, Judge, Row, require_columns
from consent.services.progress import Progress

# Bytes that are no UTF-8 pass through as they are.
_FAULTY_BYTES = "surrogateescape"


def judge_csv(source: Path, target: Path, judge: Judge, progress: Progress) -> None:
    """Write a table of events with the verdict of each; progress counts bytes.

    Raises InvalidEvents.
    """
    with (
        source.open("rb") as read,
        target.open("w", encoding="utf-8", errors=_FAULTY_BYTES, newline="") as written,
    ):
        total = source.stat().st_size
        text = TextIOWrapper(read, "utf-8-sig", _FAULTY_BYTES, newline="")
        lines = _lines(source, csv.reader(text))
        writer = csv.writer(written)
        columns = next(lines, [])
        require_columns(columns)
        writer.writerow([*columns, *ADDED])
        places = {name: columns.index(name) for name in ASKED if name in columns}
        while batch := list(islice(lines, BATCH)):
            rows = [_row(cells, places, len(columns)) for cells in batch]
            verdicts = judge.decide(rows)
            writer.writerows(
                [*_fitted(cells, len(columns)), _word(allowed), reason]
                for cells, (allowed, reason) in zip(batch, verdicts, strict=True)
            )
            progress(read.tell(), total)


def _lines(source: Path, reader: Iterator[list[str]]) -> Iterator[list[str]]:
    """Yield the lines that are not blank; raises InvalidEvents."""
    try:
        yield from filter(None, reader)
    except csv.Error as exc:
        raise InvalidEvents(f"{source}: {exc}") from exc


def _row(cells: Sequence[str], places: dict[str, int], width: int) -> Row:
    if len(cells) != width:
        return f"has {len(cells)} cells, and the header {width}"
    return {name: cells[place] for name, place in places.items()}


def _fitted(cells: list[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def _word(allowed: bool) -> str:
    return "true" if allowed else "false"
