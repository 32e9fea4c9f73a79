"""Replay what a visitor saw."""

from pathlib import Path

import click
from rich.table import Table

from consent.cli.opening import opened
from consent.cli.printing import print_table
from consent.domain.replays import Shown, ShownPurpose
from consent.services import replays, stages
from consent.services.languages import SOURCE
from consent.services.replays import Fidelity, Replay


@click.command()
@click.argument("site")
@click.argument("number", type=int)
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write one page that draws it; it needs nothing else and does nothing.",
)
def replay(site: str, number: int, html: Path | None) -> None:
    """Show what a visitor saw and chose, from the ledger alone."""
    with opened() as runtime:
        found = replays.replay(runtime, site, number)
        if html:
            html.write_text(stages.page(runtime, found), encoding="utf-8")
    _print_facts(found)
    if found.shown:
        _print_shown(found.shown, is_exact=found.fidelity is Fidelity.EXACT)
        click.echo(replays.said_of_fidelity(found.fidelity, SOURCE))
    else:
        click.echo(replays.said_without_banner(found.record, SOURCE))
    if html:
        click.echo(f"drawn in {html}")


def _print_facts(found: Replay) -> None:
    record = found.record
    table = Table(show_header=False)
    table.add_row("record", f"{record.site} {record.number}, {record.action}")
    table.add_row("notice", f"{record.notice}, entry {found.publication.number}")
    table.add_row("made", f"{found.acted_at:%Y-%m-%d %H:%M:%S} UTC")
    table.add_row("how", record.how)
    table.add_row("layout", record.layout or "none")
    table.add_row("language", record.locale)
    table.add_row("regime", record.regime)
    table.add_row("GPC", "seen" if record.gpc else "not seen")
    for name, made in found.chosen:
        kept = "" if made.number == record.number else f", since {made.number}"
        table.add_row("chosen", f"{name}: {made.decision}{kept}")
    print_table(table)


def _print_shown(shown: Shown, *, is_exact: bool) -> None:
    table = Table(show_header=False)
    table.add_row("heading", shown.heading)
    if shown.intro:
        table.add_row("intro", shown.intro)
    if shown.facts:
        table.add_row("facts", shown.facts)
    for purpose in shown.purposes:
        table.add_row("purpose", _described(purpose))
    for link in shown.links:
        table.add_row("link", link)
    for place, button in enumerate(shown.buttons, 1):
        look = f" (class {shown.button_class}, one size)" if is_exact else ""
        table.add_row(f"button {place}", button + look)
    print_table(table)


def _described(purpose: ShownPurpose) -> str:
    beside = [purpose.state] if purpose.state else []
    notes = f" ({'; '.join([*beside, *purpose.vendors])})"
    return f"{purpose.title}{notes}: {purpose.description}"
