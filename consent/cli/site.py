"""Site files: validate, compare, publish, and the schema they follow."""

import json
from pathlib import Path

import click

from consent.cli.opening import opened
from consent.domain.entries import Publication
from consent.services import notices, sitefiles

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def site() -> None:
    """Validate, compare and publish site files."""


@site.command()
@click.argument("file", type=FILE)
def validate(file: Path) -> None:
    """Check a site file; every fault is told with its line."""
    notice = sitefiles.read(file)
    purposes, vendors = len(notice.purposes), len(notice.vendors)
    click.echo(f"{file}: valid; {purposes} purposes, {vendors} vendors")


@site.command()
@click.argument("file", type=FILE)
def diff(file: Path) -> None:
    """Show what publishing a site file would change, and who is asked again."""
    with opened() as runtime:
        found = notices.differences(runtime, sitefiles.read(file))
    if not found:
        click.echo("Nothing would change.")
    for difference in found:
        again = ", ".join(difference.reasons)
        click.echo(difference.what + (f": asks again ({again})" if again else ""))


@site.command()
@click.argument("file", type=FILE)
def publish(file: Path) -> None:
    """Publish a site file as the next version of its notice."""
    notice = sitefiles.read(file)
    with opened() as runtime:
        publication, is_new = notices.publish(runtime, notice)
    click.echo(
        f"{notice.site} notice {publication.version} {_said(publication, is_new)}"
    )
    click.echo(f"entry {publication.number}, SHA-256 {publication.digest}")


@site.command()
def schema() -> None:
    """Print the JSON Schema of site files."""
    click.echo(json.dumps(sitefiles.schema(), indent=2, ensure_ascii=False))


def _said(publication: Publication, is_new: bool) -> str:
    if not is_new:
        return "is published already; nothing changed"
    if publication.renews is None:
        return "published"
    return "published again: its script is a new one; nobody is asked again"
