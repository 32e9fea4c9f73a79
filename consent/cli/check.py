"""Check the past: one event, or a file of them."""

import sys
from pathlib import Path
from typing import NoReturn

import click
from rich.table import Table

from consent.cli.opening import opened
from consent.cli.printing import counting, print_table
from consent.domain.checks import Verdict
from consent.errors import ConsentError
from consent.services import past
from consent.services.eventfiles import judge_file
from consent.services.events import NAMED_FAULTS, Judge, question_of

UNANSWERED = 2
"""The exit code when there is no verdict: 0 allows, 1 denies."""
PATH = click.Path(dir_okay=False, path_type=Path)
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("site")
@click.option("--at", help="When the event was collected, as 2026-05-01T12:00Z.")
@click.option("--purpose", help="What it is to be used for.")
@click.option("--token", help="The token that came with it, if one did,")
@click.option("--subject", help="or the visitor's pseudonym, 32 hexadecimal digits.")
@click.option("--vendor", help="Who is to use it.")
@click.option("--gpc", is_flag=True, help="It came with Global Privacy Control.")
@click.option(
    "--file", "source", type=EXISTING, help="Many events: a .csv or .parquet file."
)
@click.option("--output", "target", type=PATH, help="Where they go with verdicts.")
def check(
    site: str, source: Path | None, target: Path | None, **asked: str | bool | None
) -> None:
    """Tell whether an event could be used when it was collected.

    Exit code 0 allows, 1 denies, 2 tells that there is no verdict. A file is judged
    row by row, by its columns at, purpose, token or subject, vendor and gpc; the
    output has two more, allowed and reason.
    """
    try:
        if source is None and target is None:
            _check_one(site, asked)
        elif source is None or target is None or any(asked.values()):
            raise click.UsageError("--file and --output go together, and alone")
        else:
            _check_file(site, source, target)
    except ConsentError as exc:
        _refuse(str(exc))


def _check_one(site: str, asked: dict[str, str | bool | None]) -> None:
    if not asked["purpose"] or (asked["token"] and asked["subject"]):
        raise click.UsageError(
            "expected --at and --purpose, and --token or --subject if there is one"
        )
    with opened() as runtime:
        try:
            question = question_of(asked, runtime.clock.now())
        except ValueError as exc:
            _refuse(str(exc))
        (verdict,) = past.answer(runtime, site, [question])
    click.echo(f"{_word(verdict)}: {verdict.reason}")
    sys.exit(0 if verdict.allowed else 1)


def _check_file(site: str, source: Path, target: Path) -> None:
    with opened() as runtime, counting("Checking") as progress:
        judge = judge_file(runtime, site, source, target, progress)
    print_table(_counts(judge))
    if judge.unreadable:
        click.echo(f"{judge.unreadable} rows cannot be read:", err=True)
        for fault in judge.faults:
            click.echo(fault, err=True)
    if judge.unreadable > NAMED_FAULTS:
        click.echo("…", err=True)
    click.echo(f"{judge.rows} rows written to {target}")


def _counts(judge: Judge) -> Table:
    table = Table("verdict", "reason", "rows")
    for verdict, count in judge.verdicts.most_common():
        table.add_row(_word(verdict), verdict.reason, str(count))
    return table


def _word(verdict: Verdict) -> str:
    return "allowed" if verdict.allowed else "denied"


def _refuse(problem: str) -> NoReturn:
    click.echo(problem, err=True)
    sys.exit(UNANSWERED)
