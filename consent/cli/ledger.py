"""Look at a ledger, and prove its folds."""

import sys

import click
from rich.progress import Progress
from rich.table import Table

from consent.cli.opening import opened
from consent.cli.printing import print_table
from consent.domain.entries import AnyBody, Publication, Suspension
from consent.domain.state import target_of
from consent.services.ledgers import rebuild as rebuild_ledger


@click.group()
def ledger() -> None:
    """Look at a site's ledger."""


@ledger.command()
@click.argument("site")
@click.option("--from", "first", default=0, show_default=True, help="First number.")
@click.option("--most", default=50, show_default=True, help="How many entries.")
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
    with opened() as runtime, Progress(transient=True) as progress:
        task = progress.add_task("Refolding", total=runtime.follower.state(site).size)
        rebuilt = rebuild_ledger(
            runtime, site, lambda done: progress.update(task, completed=done)
        )
    for difference in rebuilt.differences:
        click.echo(f"differed: {difference}")
    click.echo(f"{rebuilt.size} entries refolded, {len(rebuilt.differences)} faults")
    sys.exit(1 if rebuilt.differences else 0)


def _what(body: AnyBody | None) -> str:
    if body is None:
        return "content removed"
    if isinstance(body, Publication):
        return f"notice {body.version}"
    if isinstance(body, Suspension):
        return f"{target_of(body)} {'resumed' if body.lifted else 'suspended'}"
    decisions = ", ".join(f"{k} {v.decision}" for k, v in body.decisions.items())
    return f"{body.action} by {body.how}: {decisions}"
