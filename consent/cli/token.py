"""Read a token for people."""

from datetime import UTC, datetime

import click
from rich.table import Table

from consent.cli.opening import DASHED, opened
from consent.cli.printing import print_table
from consent.domain.terms import PurposeTerms, Terms
from consent.domain.tokens import Token, read_unverified
from consent.errors import InvalidToken
from consent.services.runtime import Runtime


@click.group()
def token() -> None:
    """Look at consent tokens."""


@token.command(context_settings=DASHED)
@click.argument("text")
def read(text: str) -> None:
    """Print what a token states, and whether it is ours and in force."""
    kid, stated = read_unverified(text)
    with opened() as runtime:
        state = runtime.follower.state(stated.site)
        rows = _rows(stated, kid, state.terms.get(stated.notice))
        rows.append(("signature", _signature(runtime, stated.site, text)))
        if stated.number is not None and stated.number < state.size:
            status = state.status(stated.number).name.lower().replace("_", " ")
            rows.append(("status", status))
    table = Table(show_header=False)
    for name, value in rows:
        table.add_row(name, value)
    print_table(table)


def _rows(stated: Token, kid: str, terms: Terms | None) -> list[tuple[str, str]]:
    purposes = terms.optional.values() if terms else ()
    return [
        ("site", stated.site),
        (
            "record",
            "none: a common token" if stated.number is None else str(stated.number),
        ),
        ("notice", str(stated.notice)),
        *((purpose.id, _decision(stated, purpose)) for purpose in purposes),
        ("GPC seen", "yes" if stated.gpc else "no"),
        ("issued", _time(stated.issued)),
        ("expires", _time(stated.expires)),
        ("key", kid),
    ]


def _decision(stated: Token, purpose: PurposeTerms) -> str:
    allowed = "allowed" if stated.allowed >> purpose.bit & 1 else "not allowed"
    count = sum(decision.bit == purpose.bit for decision in stated.exceptions)
    return allowed + (f", {count} vendor exceptions" if count else "")


def _signature(runtime: Runtime, site: str, text: str) -> str:
    try:
        runtime.follower.state(site).verifier.read(text)
    except InvalidToken as error:
        return f"INVALID: {error}"
    return "valid"


def _time(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
