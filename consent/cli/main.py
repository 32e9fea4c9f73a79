"""The `consent` command."""

import sys

import click
from rich.console import Console

from consent.cli import (
    accounts,
    apikeys,
    audit,
    backup,
    check,
    gateways,
    keys,
    ledger,
    link,
    receipt,
    replay,
    server,
    site,
    subject,
    suspensions,
    token,
    worker,
)
from consent.errors import ConsentError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="consent")
def cli() -> None:
    """Self-hosted consent and cookie management.

    Everything is set by CONSENT_* variables; see docs/settings.md.
    """


for command in (
    server.migrate,
    server.serve,
    backup.backup,
    site.site,
    ledger.ledger,
    replay.replay,
    audit.audit,
    suspensions.suspend,
    suspensions.resume,
    subject.subject,
    receipt.receipt,
    worker.worker,
    worker.purge,
    keys.keys,
    apikeys.apikeys,
    accounts.accounts,
    link.link,
    check.check,
    gateways.gateways,
    token.token,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; an error of ours is one clear message and exit code 1."""
    try:
        cli()
    except ConsentError as error:
        Console(stderr=True).print(f"[bold red]{error.code}[/]", end=" ")
        Console(stderr=True, markup=False, highlight=False, soft_wrap=True).print(error)
        sys.exit(1)
    except (OSError, UnicodeDecodeError) as error:
        # A file or folder that somebody named: the system's own words say it best.
        click.echo(f"failed: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
