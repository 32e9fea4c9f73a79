"""Accounts: who is logged in at a site, known here by an HMAC and nothing else."""

import csv
import sys

import click

from consent.cli.opening import opened
from consent.cli.printing import counting
from consent.services import accounts as known
from consent.services.accounts import Outdated


@click.group()
def accounts() -> None:
    """Tell which accounts of a site are to hear of a change."""


@accounts.command()
@click.argument("site")
@click.option(
    "--since-notice",
    "version",
    type=click.IntRange(min=1),
    help="Whose answer is older than this notice; the newest material one unless set.",
)
def export(site: str, version: int | None) -> None:
    """Write accounts as CSV: their HMAC, the notice they answered last, and when.

    The site finds its own accounts by the same HMAC.
    """
    rows = csv.writer(sys.stdout, lineterminator="\n")
    with opened() as runtime, counting("Reading answers") as progress:
        since = version or known.newest_material(runtime, site)
        rows.writerow(Outdated._fields)
        for account, notice, at in known.to_notify(runtime, site, since, progress):
            rows.writerow([account, notice, f"{at:%Y-%m-%dT%H:%M:%SZ}"])
