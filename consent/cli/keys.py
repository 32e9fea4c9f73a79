"""Keys of tokens and checkpoints: add, list, retire."""

import click
from rich.table import Table

from consent.cli.opening import DASHED, opened
from consent.cli.printing import print_table
from consent.domain.vocabulary import Use
from consent.services import keys as key_ring


@click.group()
def keys() -> None:
    """Manage the keys that sign consent tokens and checkpoints."""


@keys.command()
@click.option(
    "--use",
    type=click.Choice([*map(str, Use)]),
    help="What it is to sign; without it, a key is made for each use that has none.",
)
def add(use: str | None) -> None:
    """Make a key pair; from their next start, processes sign with it."""
    with opened() as runtime:
        for one in [Use(use)] if use else key_ring.lacking(runtime):
            kid, text = key_ring.add_key(runtime, one)
            click.echo(f"{one} key {kid} added")
            path = key_ring.private_path(runtime, one)
            if path:
                click.echo(f"private half appended to {path}; restart to sign with it")
            else:
                name = f"CONSENT_{one.upper()}_KEYS"
                click.echo(f"append this private half to {name} and restart:")
                click.echo(text)


@keys.command("list")
def list_keys() -> None:
    """List public keys, oldest first."""
    table = Table(
        "key", "signs", "added (UTC)", "retired (UTC)", "verifies", "private half here"
    )
    with opened() as runtime:
        held = runtime.private_kids
        for use, key in key_ring.all_keys(runtime):
            retired = f"{key.retired_at:%Y-%m-%d %H:%M}" if key.retired_at else "no"
            table.add_row(
                key.kid,
                f"{use}s",
                f"{key.added_at:%Y-%m-%d %H:%M}",
                retired,
                "yes" if key.trusted else "no",
                "yes" if key.kid in held else "no",
            )
    print_table(table)


@keys.command(context_settings=DASHED)
@click.argument("kid")
@click.option("--compromised", is_flag=True, help="Distrust what it signed as well.")
def retire(kid: str, *, compromised: bool) -> None:
    """Sign with a key no longer; tokens it signed stay good until they expire."""
    with opened() as runtime:
        key_ring.retire_key(runtime, kid, compromised=compromised)
    fate = "what it signed is invalid now" if compromised else "what it signed stays"
    click.echo(f"key {kid} retired; {fate}")
