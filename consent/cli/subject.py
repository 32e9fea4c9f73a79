"""Subjects: what they may ask an operator for."""

import json
from collections.abc import Callable
from typing import Any

import click

from consent.cli.opening import opened
from consent.errors import InvalidChoice
from consent.services import accounts, receipts, subjects
from consent.services.runtime import Runtime

Command = Callable[..., None]


@click.group()
def subject() -> None:
    """Answer a visitor who asks for their records, or to be erased."""


def _asked_by(command: Command) -> Command:
    """Add what names a visitor: a number of theirs, their account, or their secret."""
    command = click.option("--secret", help="Their secret; `-` asks for it.")(command)
    command = click.option("--account", help="The HMAC of their account.")(command)
    number = click.option(
        "--number", type=int, help="The number of any of their records."
    )
    return click.argument("site")(number(command))


@subject.command()
@_asked_by
def export(site: str, **asking: Any) -> None:
    """Write all receipts of a visitor as JSON-LD; `consent receipt verify` reads it."""
    with opened() as runtime:
        document = receipts.export(runtime, site, _subject(runtime, site, **asking))
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


@subject.command()
@_asked_by
@click.confirmation_option(prompt="Erase all records of this visitor?")
def erase(site: str, **asking: Any) -> None:
    """Erase a visitor: contents go, entries stay, tokens are denied."""
    with opened() as runtime:
        erased = subjects.erase(runtime, site, _subject(runtime, site, **asking))
        remains = subjects.what_remains(runtime)
    numbers = ", ".join(map(str, erased.numbers))
    click.echo(f"Contents of {numbers} erased; entry {erased.number} says so.")
    click.echo(remains)


def _subject(
    runtime: Runtime,
    site: str,
    *,
    number: int | None,
    account: str | None,
    secret: str | None,
) -> bytes:
    if [number, account, secret].count(None) != 2:
        raise InvalidChoice("expected one of --number, --account and --secret")
    if account is not None:
        return accounts.named(account)
    if secret == "-":  # noqa: S105 - a dash is no secret
        secret = click.prompt("Secret", hide_input=True)
    if number is not None:
        return subjects.subject_of_record(runtime, site, number)
    return subjects.holder(runtime, site, str(secret))
