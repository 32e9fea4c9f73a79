"""Site files: validate, compare, publish, and what the pages of a site need."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from consent.cli.comparisons import show_comparison
from consent.cli.opening import opened
from consent.cli.printing import print_lines
from consent.domain.entries import Publication
from consent.domain.notices import Notice
from consent.services import notices, sitefiles, snippets
from consent.services.snippets import Part

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FAILS_OPEN = (
    "What is marked up with data-consent stays off where banner.js is blocked or "
    "fails. What is not runs there, `blocking: hold` or not: holding back in the "
    "browser fails open. The policy above closes that if a purpose's part is sent only "
    "to whom the check allows it; what a visitor allows then loads from the next page "
    "on."
)


@click.group()
def site() -> None:
    """Validate, compare and publish site files; show what to paste into pages."""


@site.command()
@click.argument("file", type=FILE)
def validate(file: Path) -> None:
    """Check a site file; every fault is told with its line."""
    notice = _read(file)
    purposes, vendors = len(notice.purposes), len(notice.vendors)
    click.echo(f"{file}: valid; {purposes} purposes, {vendors} vendors")


@site.command()
@click.option("--exit-code", is_flag=True, help="Exit with 1 if anything would change.")
@click.argument("file", type=FILE)
def diff(file: Path, *, exit_code: bool) -> None:
    """Show what publishing a site file would change, and who is asked again."""
    notice = _read(file)
    with opened() as runtime:
        comparison = notices.compare(runtime, notice)
        policies = snippets.policies(runtime, notice)
    if not comparison.differs:
        click.echo("Nothing would change.")
        return
    show_comparison(comparison)
    _show_parts(policies)
    click.echo(f"\n{FAILS_OPEN}")
    if exit_code:
        sys.exit(1)


@site.command()
@click.argument("file", type=FILE)
def publish(file: Path) -> None:
    """Publish a site file as the next version of its notice."""
    notice = _read(file)
    with opened() as runtime:
        publication, is_new = notices.publish(runtime, notice)
    click.echo(
        f"{notice.site} notice {publication.version} {_said(publication, is_new)}"
    )
    click.echo(f"entry {publication.number}, SHA-256 {publication.digest}")


@site.command()
@click.argument("site")
def snippet(site: str) -> None:
    """Print what to paste into the pages of a site, and into their headers."""
    with opened() as runtime:
        parts = snippets.snippet(runtime, site)
    _show_parts(parts)


@site.command()
def schema() -> None:
    """Print the JSON Schema of site files."""
    click.echo(json.dumps(sitefiles.schema(), indent=2, ensure_ascii=False))


def _read(file: Path) -> Notice:
    """Return the notice of a site file; what is no fault is told beside it."""
    reading = sitefiles.read(file)
    errors = Console(stderr=True, soft_wrap=True)
    for warning in reading.warnings:
        told = warning.in_file(str(file))
        errors.print(Text.assemble(("warning ", "bold yellow"), told), highlight=False)
    return reading.notice


def _show_parts(parts: Iterable[Part]) -> None:
    for place, text in parts:
        print_lines([Text(f"\n{place}", style="bold"), Text(text)])


def _said(publication: Publication, is_new: bool) -> str:
    if not is_new:
        return "is published already; nothing changed"
    if publication.renews is None:
        return "published"
    return "published again: its script is a new one; nobody is asked again"
