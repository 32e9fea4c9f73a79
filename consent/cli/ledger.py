"""Look at a ledger, and prove its folds."""

import sys
from pathlib import Path
from typing import TextIO

import click
from rich.table import Table

from consent.cli.opening import opened
from consent.cli.printing import counting, print_table
from consent.domain.entries import AnyBody, Erasure, Publication, Retention, Suspension
from consent.domain.state import target_of
from consent.services import audits, ledger_exports, ledgers

NUMBER = click.IntRange(0, 2**62)


@click.group()
def ledger() -> None:
    """Look at a site's ledger."""


@ledger.command()
@click.argument("site")
@click.option("--from", "first", type=NUMBER, default=0, help="First number.")
@click.option("--most", type=NUMBER, default=50, help="How many entries.")
def show(site: str, first: int, most: int) -> None:
    """Print entries by number."""
    table = Table("number", "kind", "at (UTC)", "what", "commitment")
    with opened() as runtime:
        for entry, body in runtime.ledger(site).entries(first):
            if entry.number >= first + most:
                break
            table.add_row(
                str(entry.number),
                entry.kind,
                f"{entry.at:%Y-%m-%d %H:%M:%S}",
                _what(body),
                entry.commitment.hex()[:16],
            )
    print_table(table)


@ledger.command()
@click.argument("site")
def rebuild(site: str) -> None:
    """Refold what is kept beside the ledger, compare, and put right."""
    with opened() as runtime, counting("Refolding") as progress:
        rebuilt = ledgers.rebuild(runtime, site, progress)
    for difference in rebuilt.differences:
        click.echo(f"differed: {difference}")
    click.echo(f"{rebuilt.size} entries refolded, {len(rebuilt.differences)} faults")
    sys.exit(1 if rebuilt.differences else 0)


@ledger.command()
@click.argument("site")
@click.option(
    "--checkpoint",
    "notes",
    multiple=True,
    type=click.File(encoding="utf-8"),
    help="A checkpoint you kept, which the ledger has to fit. Can be repeated.",
)
def verify(site: str, notes: tuple[TextIO, ...]) -> None:
    """Prove a ledger with the database: contents, tree, heads, status, signatures."""
    kept = [note.read() for note in notes]
    with opened() as runtime, counting("Verifying") as progress:
        verified = audits.verify(runtime, site, kept, progress)
    for fault in verified.faults:
        click.echo(f"fault: {fault}")
    compared = min(verified.signed, verified.size)
    signed = f"the first {compared} of them against a signed checkpoint"
    click.echo(
        f"{verified.size} entries verified,"
        f" {signed if compared else 'none of them signed yet'};"
        f" {len(verified.faults)} faults"
    )
    sys.exit(1 if verified.faults else 0)


@ledger.command()
@click.argument("site")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(site: str, file: Path) -> None:
    """Write the whole ledger to a file, for an auditor; see `consent audit`.

    It holds every record's content: whoever has it can link each subject's choices.
    """
    with opened() as runtime, counting("Exporting") as progress:
        header = ledger_exports.export_ledger(runtime, site, file, progress)
    signed = "with" if header.checkpoint else "without"
    click.echo(f"{header.size} entries written, {signed} a signed checkpoint")


@ledger.command()
@click.option(
    "--new-origin", is_flag=True, required=True, help="Confirms what it does."
)
@click.argument("sites", nargs=-1)
def resume(sites: tuple[str, ...], *, new_origin: bool) -> None:
    """Go on with ledgers that no longer fit what was signed of them.

    SITES go on as well: name those whose gateways log that their ledger lost entries.

    Each is signed under a new origin from then on. A new token key is made and all
    older ones are distrusted; browsers ask for a new token. Restart all processes.
    """
    with opened() as runtime:
        resumed = ledgers.start_anew(runtime, sites)
    for site, origin in resumed:
        click.echo(f"{site} goes on as {origin}")
    if not resumed:
        click.echo("Every ledger fits what was signed of it; nothing was changed.")


def _what(body: AnyBody | None) -> str:
    if body is None:
        return "content removed"
    if isinstance(body, Publication):
        renewed = "" if body.renews is None else ", its script renewed"
        return f"notice {body.version}{renewed}"
    if isinstance(body, Suspension):
        return f"{target_of(body)} {'resumed' if body.lifted else 'suspended'}"
    if isinstance(body, Erasure):
        return f"contents of {', '.join(map(str, body.numbers))} erased"
    if isinstance(body, Retention):
        return f"contents of records below {body.below} purged"
    decisions = ", ".join(f"{k} {v.decision}" for k, v in body.decisions.items())
    return f"{body.action} by {body.how}: {decisions}"
