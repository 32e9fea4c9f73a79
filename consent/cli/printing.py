"""Tables for people, and for programs that read what people read."""

import sys

from rich.console import Console
from rich.table import Table

PIPE_COLUMNS = 1_000
"""Wide enough that no line breaks on its way to grep."""


def print_table(table: Table) -> None:
    """Print a table, as wide as the terminal, or as it needs to be in a pipe."""
    Console(width=None if sys.stdout.isatty() else PIPE_COLUMNS).print(table)
