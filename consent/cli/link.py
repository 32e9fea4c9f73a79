"""Links for mails, signed and expiring."""

import csv
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TextIO

import click

from consent.cli.opening import opened
from consent.errors import InvalidChoice, UnknownRecord
from consent.services import accounts, links, subjects
from consent.services.runtime import Runtime

DAYS = 30
MOST_DAYS = 400


@click.group()
def link() -> None:
    """Make links to put into mails."""


@link.command()
@click.argument("site")
@click.option("--number", type=int, help="The number of any of their records.")
@click.option("--account", help="The HMAC of an account.")
@click.option(
    "--accounts",
    "file",
    type=click.File(encoding="utf-8"),
    help="Many accounts, as `consent accounts export` writes them; `-` reads a pipe.",
)
@click.option(
    "--days", type=click.IntRange(1, MOST_DAYS), default=DAYS, show_default=True
)
def withdraw(
    site: str, number: int | None, account: str | None, file: TextIO | None, days: int
) -> None:
    """Print a link that withdraws everything, with one click and one confirmation.

    For a file of accounts, print CSV: the account and its link.
    """
    if [number, account, file].count(None) != 2:
        raise InvalidChoice("expected one of --number, --account, --accounts")
    with opened() as runtime:
        expires = runtime.clock.now() + timedelta(days=days)
        if file:
            _write_all(runtime, site, file, expires)
            return
        subject = (
            accounts.named(account)
            if account
            else subjects.subject_of_record(runtime, site, number or 0)
        )
        click.echo(links.withdrawal_link(runtime, site, subject, expires))


def _write_all(runtime: Runtime, site: str, file: TextIO, expires: datetime) -> None:
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(["account", "link"])
    for account in _listed(file):
        subject = accounts.named(account)
        try:
            made = links.withdrawal_link(runtime, site, subject, expires)
        except UnknownRecord:
            click.echo(f"{account} has no record (any more)", err=True)
        else:
            rows.writerow([account, made])


def _listed(file: TextIO) -> Iterator[str]:
    rows = csv.DictReader(file)
    if "account" not in (rows.fieldnames or ()):
        raise InvalidChoice("accounts: expected CSV with a column `account`")
    for row in rows:
        yield row["account"]
