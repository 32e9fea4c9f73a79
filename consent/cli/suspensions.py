"""The kill switch."""

import click

from consent.cli.opening import opened
from consent.services.notices import switch


@click.command()
@click.argument("site")
@click.argument("purpose", required=False)
@click.option("--vendor", help="A vendor instead of a purpose.")
def suspend(site: str, purpose: str | None, vendor: str | None) -> None:
    """Deny a purpose or a vendor everywhere, whatever visitors chose."""
    _switch(site, purpose, vendor, lifted=False)


@click.command()
@click.argument("site")
@click.argument("purpose", required=False)
@click.option("--vendor", help="A vendor instead of a purpose.")
def resume(site: str, purpose: str | None, vendor: str | None) -> None:
    """Lift a suspension: visitors' choices decide again."""
    _switch(site, purpose, vendor, lifted=True)


def _switch(
    site: str, purpose: str | None, vendor: str | None, *, lifted: bool
) -> None:
    with opened() as runtime:
        entry = switch(runtime, site, purpose=purpose, vendor=vendor, lifted=lifted)
    now = "in force" if lifted else "suspended"
    number = f"entry {entry.number}" if entry else "was so already; nothing changed"
    click.echo(f"{site} {purpose or vendor}: {now} ({number})")
