"""Files of events: judged beside, and named once they are whole."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from consent.errors import InvalidEvents
from consent.services.csvevents import judge_csv
from consent.services.events import Judge
from consent.services.progress import Progress, no_progress
from consent.services.runtime import Runtime

Format = Callable[[Path, Path, Judge, Progress], None]


def judge_file(
    runtime: Runtime,
    site: str,
    source: Path,
    target: Path,
    progress: Progress = no_progress,
) -> Judge:
    """Write a file of events with a verdict in each row; return what was counted.

    Raises InvalidEvents, UnknownSite and what answering checks raises; there is no
    new file then.
    """
    judge_format = _format(source, target)
    runtime.follower.state(site)
    judge = Judge(runtime, site)
    with _becoming(target) as partial:
        judge_format(source, partial, judge, progress)
    return judge


def _format(source: Path, target: Path) -> Format:
    kinds = {source.suffix.lower(), target.suffix.lower()}
    if kinds == {".csv"}:
        return judge_csv
    if kinds != {".parquet"}:
        raise InvalidEvents("expected two files of one kind: .csv or .parquet")
    try:
        # It brings pyarrow, which only those need who have such files.
        from consent.services.parquetevents import judge_parquet
    except ModuleNotFoundError as exc:
        needed = "Parquet needs pyarrow (the extra `parquet`): pip install pyarrow"
        raise InvalidEvents(needed) from exc
    return judge_parquet


@contextmanager
def _becoming(target: Path) -> Iterator[Path]:
    """Yield where to write what gets its name at the end, or leaves nothing behind."""
    partial = target.with_name(f"{target.name}.partial")
    try:
        _require_free(target)
        partial.touch(exist_ok=False)
    except FileExistsError:
        busy = f"{partial} is there: another run writes it, or was killed; remove it"
        raise InvalidEvents(busy) from None
    except OSError as exc:
        raise InvalidEvents(f"{partial}: {exc.strerror}") from exc
    try:
        yield partial
        _require_free(target)
        partial.rename(target)
    except OSError as exc:
        raise InvalidEvents(f"{exc.filename or partial}: {exc.strerror}") from exc
    finally:
        partial.unlink(missing_ok=True)


def _require_free(target: Path) -> None:
    if target.exists():
        raise InvalidEvents(f"{target} is there already, and is not overwritten")
