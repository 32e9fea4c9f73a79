"""API keys: add, list, revoke."""

import click
from rich.table import Table

from consent.cli.opening import opened
from consent.cli.printing import print_table
from consent.services import apikeys as ring


@click.group()
def apikeys() -> None:
    """Manage the keys with which programs ask a site about the past, or by subject."""


@apikeys.command()
@click.argument("site")
@click.argument("name")
def add(site: str, name: str) -> None:
    """Make a key to a site; it is shown this once. Several are valid at a time."""
    with opened() as runtime:
        key, text = ring.add(runtime, site, name)
    click.echo(f"API key {key.id} of {site} added; keep it, it is not shown again:")
    click.echo(text)


@apikeys.command("list")
@click.argument("site")
def list_keys(site: str) -> None:
    """List the keys to a site, oldest first."""
    table = Table("id", "name", "added (UTC)", "revoked (UTC)")
    with opened() as runtime:
        for key in ring.all_keys(runtime, site):
            revoked = f"{key.revoked_at:%Y-%m-%d %H:%M}" if key.revoked_at else "no"
            table.add_row(key.id, key.name, f"{key.added_at:%Y-%m-%d %H:%M}", revoked)
    print_table(table)


@apikeys.command()
@click.argument("key_id", metavar="ID")
def revoke(key_id: str) -> None:
    """Let a key in no longer, at once."""
    with opened() as runtime:
        ring.revoke(runtime, key_id)
    click.echo(f"API key {key_id} revoked")
