"""Subjects: what they may ask an operator for."""

import json
from collections.abc import Callable

import click

from consent.cli.opening import opened
from consent.errors import InvalidChoice
from consent.services import receipts, subjects
from consent.services.runtime import Runtime

Command = Callable[..., None]


@click.group()
def subject() -> None:
    """Answer a visitor who asks for their records, or to be erased."""


def _asked_by(command: Command) -> Command:
    """Add what names a visitor: one of their numbers, or their secret."""
    command = click.option("--secret", help="Their secret; `-` asks for it.")(command)
    number = click.option(
        "--number", type=int, help="The number of any of their records."
    )
    return click.argument("site")(number(command))


@subject.command()
@_asked_by
def export(site: str, number: int | None, secret: str | None) -> None:
    """Write all receipts of a visitor as JSON-LD; `consent receipt verify` reads it."""
    with opened() as runtime:
        subject_asking = _subject(runtime, site, number, secret)
        document = receipts.export(runtime, site, subject_asking)
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


@subject.command()
@_asked_by
@click.confirmation_option(prompt="Erase all records of this visitor?")
def erase(site: str, number: int | None, secret: str | None) -> None:
    """Erase a visitor: contents go, entries stay, tokens are denied."""
    with opened() as runtime:
        erased = subjects.erase(runtime, site, _subject(runtime, site, number, secret))
        remains = subjects.what_remains(runtime)
    numbers = ", ".join(map(str, erased.numbers))
    click.echo(f"Contents of {numbers} erased; entry {erased.number} says so.")
    click.echo(remains)


def _subject(
    runtime: Runtime, site: str, number: int | None, secret: str | None
) -> bytes:
    if (number is None) is (secret is None):
        raise InvalidChoice("expected --number or --secret, and not both")
    if secret == "-":  # noqa: S105 - a dash is no secret
        secret = click.prompt("Secret", hide_input=True)
    if number is not None:
        return subjects.subject_of_record(runtime, site, number)
    return subjects.holder(runtime, site, str(secret))
