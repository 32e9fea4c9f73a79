"""Tables and progress for people, and for programs that read what people read."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from consent.services.progress import Progress

PIPE_COLUMNS = 1_000
"""Wide enough that no line breaks on its way to grep."""


def print_table(table: Table) -> None:
    """Print a table, as wide as the terminal, or as it needs to be in a pipe."""
    _console().print(table)


def print_lines(lines: Iterable[Text]) -> None:
    """Print lines, none broken but by the terminal, so that they can be copied."""
    console = _console()
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True)


def _console() -> Console:
    # What a notice or an operator wrote is shown as it is, brackets too.
    width = None if sys.stdout.isatty() else PIPE_COLUMNS
    return Console(width=width, markup=False)


@contextmanager
def counting(what: str) -> Iterator[Progress]:
    """Show a bar on the terminal while something is counted through."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, transient=True, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield tell
