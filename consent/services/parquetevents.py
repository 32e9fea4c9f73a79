"""Events in Parquet: read, judged and written batch by batch."""

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from consent.domain.checks import Verdict
from consent.domain.instants import moment
from consent.errors import InvalidEvents
from consent.services.events import ADDED, ASKED, BATCH, Judge, require_columns
from consent.services.progress import Progress

ROW_GROUP = 10 * BATCH
_PER_MICROSECOND = {
    "s": Fraction(1, 1_000_000),
    "ms": Fraction(1, 1_000),
    "us": Fraction(1),
    "ns": Fraction(1_000),
}


def judge_parquet(source: Path, target: Path, judge: Judge, progress: Progress) -> None:
    """Write a table of events with the verdict of each; progress counts rows.

    Raises InvalidEvents.
    """
    try:
        with parquet.ParquetFile(source) as read:
            _judge(read, target, judge, progress)
    except pa.ArrowException as exc:
        raise InvalidEvents(f"{source}: {exc}") from exc


def _judge(
    read: parquet.ParquetFile, target: Path, judge: Judge, progress: Progress
) -> None:
    schema = read.schema_arrow
    require_columns(schema.names)
    _require_offset(schema.field("at").type)
    for name, kind in zip(ADDED, (pa.bool_(), pa.string()), strict=True):
        schema = schema.append(pa.field(name, kind))
    with parquet.ParquetWriter(target, schema) as writer:
        done = 0
        for batch in read.iter_batches(ROW_GROUP):
            verdicts = list(_verdicts(batch, judge))
            added = [
                pa.array([allowed for allowed, _ in verdicts], pa.bool_()),
                pa.array([reason.value for _, reason in verdicts], pa.string()),
            ]
            writer.write_batch(
                pa.RecordBatch.from_arrays([*batch.columns, *added], schema=schema)
            )
            done += batch.num_rows
            progress(done, read.metadata.num_rows)


def _require_offset(kind: pa.DataType) -> None:
    if pa.types.is_timestamp(kind) and kind.tz is None:
        raise InvalidEvents(
            "at: these timestamps name no time zone, so their moment is not known"
        )


def _verdicts(batch: pa.RecordBatch, judge: Judge) -> Iterator[Verdict]:
    names = [name for name in ASKED if name in batch.schema.names]
    for start in range(0, batch.num_rows, BATCH):
        part = batch.slice(start, BATCH)
        cells = zip(*(_cells(part.column(name)) for name in names), strict=True)
        yield from judge.decide([dict(zip(names, row, strict=True)) for row in cells])


def _cells(column: pa.Array) -> list[object]:
    if not pa.types.is_timestamp(column.type):
        return column.to_pylist()  # type: ignore[no-any-return]  # it has no types
    # Python's own times have no nanoseconds, and fewer years than Parquet.
    per_microsecond = _PER_MICROSECOND[column.type.unit]
    return [_moment(v, per_microsecond) for v in column.cast(pa.int64()).to_pylist()]


def _moment(value: int | None, per_microsecond: Fraction) -> datetime | None:
    if value is None:
        return None
    try:
        return moment(value // per_microsecond)
    except OverflowError:
        return None
