"""Receipts: verify what a visitor, a regulator or a court holds in hand."""

import sys
from typing import BinaryIO

import click

from consent.domain import receipts
from consent.domain.checkpoints import read_verifier_key
from consent.domain.dpv import Node
from consent.domain.receipts import Verified
from consent.errors import InvalidProof


@click.group()
def receipt() -> None:
    """Look at receipts; needs no database and no network."""


@receipt.command()
@click.argument("file", type=click.File("rb"))
@click.option("--key", help="The verifier key that the ledger publishes.")
def verify(file: BinaryIO, key: str | None) -> None:
    """Verify a receipt or a whole export, offline; `-` reads standard input."""
    documents = receipts.read(file.read())
    verified = [one for one in (_verified(d, key) for d in documents) if one]
    for name in sorted({one.key for one in verified}):
        _tell_key(name, is_trusted=key is not None)
    _tell_missing(verified)
    faults = len(documents) - len(verified)
    click.echo(f"{len(verified)} of {len(documents)} receipts are valid")
    sys.exit(1 if faults else 0)


def _verified(document: Node, key: str | None) -> Verified | None:
    try:
        verified = receipts.verify(document, key)
    except InvalidProof as exc:
        click.echo(f"INVALID {document.get('dct:identifier')}: {exc}")
        return None
    record, size = verified.record, verified.checkpoint.size
    decisions = ", ".join(
        f"{name} {made.decision}" for name, made in sorted(record.decisions.items())
    )
    click.echo(
        f"valid   {record.site} {record.number}: {record.action} on"
        f" {record.at:%Y-%m-%d %H:%M:%S} UTC, notice {record.notice}: {decisions}"
        f" (one of {size} signed entries)"
    )
    return verified


def _tell_key(key: str, *, is_trusted: bool) -> None:
    if is_trusted:
        click.echo(f"Trusted key: {key}")
        return
    origin, _ = read_verifier_key(key)
    click.echo(
        "No --key was given: the key inside was believed. That proves only that the"
        " parts agree with each other. Compare it with what is published at"
        f" {origin}/keys:\n{key}"
    )


def _tell_missing(verified: list[Verified]) -> None:
    """Say which earlier records are not there: purged, or left out of the file."""
    numbers = {one.record.number for one in verified}
    earlier = {one.record.previous for one in verified} - numbers - {None}
    if len(verified) > 1 and earlier:
        listed = ", ".join(map(str, sorted(n for n in earlier if n is not None)))
        click.echo(f"Not in this file, though there was one before: record {listed}")
