"""Audit a ledger from outside: no settings, no database."""

import sys
from pathlib import Path

import click

from consent.cli.printing import counting
from consent.domain.checkpoints import verifier_key
from consent.errors import InvalidProof
from consent.services import outside_audits
from consent.services.outside_audits import Audited
from consent.wholefiles import becoming


@click.command()
@click.argument("sources", metavar="URL|EXPORT [EXPORT|URL]", nargs=-1, required=True)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="VKEY",
    help="A verifier key you got from elsewhere. Can be repeated.",
)
@click.option(
    "--since",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint you kept, which the ledger has to go on from.",
)
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to keep the checkpoint, if nothing is wrong.",
)
def audit(
    sources: tuple[str, ...],
    keys: tuple[str, ...],
    since: Path | None,
    save: Path | None,
) -> None:
    """Audit a ledger by what it publishes, by an export of it, or by both.

    URL is the ledger's address, https://consent.example/v1/shop/ledger; EXPORT a file
    of `consent ledger export`. With both, the export has to fit what is published.
    """
    address, path = _told_apart(sources)
    if save and not save.parent.is_dir():
        raise click.UsageError(f"--save: there is no folder {save.parent}")
    kept = since.read_text(encoding="utf-8") if since else None
    with counting("Auditing") as progress:
        audited = outside_audits.audit(address, path, keys, kept, progress)
    for one in audited:
        _tell(one, is_pinned=bool(keys))
    if any(one.faults for one in audited):
        sys.exit(1)
    if save:
        _save(save, audited[-1])


def _told_apart(sources: tuple[str, ...]) -> tuple[str | None, Path | None]:
    addresses = [one for one in sources if one.startswith(("http://", "https://"))]
    paths = [Path(one) for one in sources if one not in addresses]
    if len(addresses) > 1 or len(paths) > 1:
        raise click.UsageError("expected one address, one export, or one of each")
    return next(iter(addresses), None), next(iter(paths), None)


def _tell(one: Audited, *, is_pinned: bool) -> None:
    for fault in one.faults:
        click.echo(f"fault: {fault}")
    signed = f"against a checkpoint of {one.signed} signed as {one.trust.origin}"
    click.echo(
        f"{one.what}: {one.size} entries audited,"
        f" {signed if one.signed else 'against no checkpoint'};"
        f" {len(one.faults)} faults"
    )
    if not is_pinned:
        click.echo("its keys are its own word; --key pins them:")
        for key in one.trust.keys:
            click.echo(f"  {verifier_key(one.trust.origin, key)}")


def _save(path: Path, audited: Audited) -> None:
    if audited.note is None:
        raise InvalidProof("there is no checkpoint to keep")
    with becoming(path) as file:
        file.write(audited.note.encode())
