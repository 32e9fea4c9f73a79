"""A copy of the database, while the service goes on."""

from pathlib import Path

import click

from consent.cli.opening import settings
from consent.services.backups import back_up


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write the SQLite database to a new file; nobody has to stop writing.

    PostgreSQL has its own tools for that; docs/backup.md tells which.
    """
    back_up(settings(), file)
    click.echo(f"{file} holds everything that was acknowledged before.")
