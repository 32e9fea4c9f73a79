"""Token keys: add, list, retire."""

import click
from rich.table import Table

from consent.cli.opening import opened
from consent.cli.printing import print_table
from consent.services import keys as key_ring


@click.group()
def keys() -> None:
    """Manage the keys that sign consent tokens."""


@keys.command()
def add() -> None:
    """Make a key pair; from their next start, processes sign with it."""
    with opened() as runtime:
        kid, text = key_ring.add_key(runtime)
        path = runtime.settings.token_keys_path
    click.echo(f"key {kid} added")
    if path:
        click.echo(f"private half appended to {path}; restart to sign with it")
    else:
        click.echo("append this private half to CONSENT_TOKEN_KEYS and restart:")
        click.echo(text)


@keys.command("list")
def list_keys() -> None:
    """List public keys, oldest first."""
    table = Table(
        "key", "added (UTC)", "retired (UTC)", "verifies", "private half here"
    )
    with opened() as runtime:
        held = {signer.kid for signer in runtime.signers}
        for key in key_ring.all_keys(runtime):
            retired = f"{key.retired_at:%Y-%m-%d %H:%M}" if key.retired_at else "no"
            table.add_row(
                key.kid,
                f"{key.added_at:%Y-%m-%d %H:%M}",
                retired,
                "yes" if key.trusted else "no",
                "yes" if key.kid in held else "no",
            )
    print_table(table)


@keys.command()
@click.argument("kid")
@click.option("--compromised", is_flag=True, help="Distrust what it signed as well.")
def retire(kid: str, *, compromised: bool) -> None:
    """Sign with a key no longer; tokens it signed stay good until they expire."""
    with opened() as runtime:
        key_ring.retire_key(runtime, kid, compromised=compromised)
    fate = "what it signed is invalid now" if compromised else "what it signed stays"
    click.echo(f"key {kid} retired; {fate}")
