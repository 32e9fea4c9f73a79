"""Serve, and bring the database to the newest schema first."""

import socket

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from consent.cli.opening import opened, settings
from consent.errors import BadSetting
from consent.services import notices
from consent.services.health import faults
from consent.services.runtime import migrate_database

STOP_SECONDS = 10


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    migrate_database(settings())
    click.echo("The database has the newest schema.")


@click.command()
def serve() -> None:
    """Serve the banner, the pages and the checks."""
    chosen = settings()
    # A fault of settings or database is told here, not by each worker.
    chosen.require_secrets()
    _require_place(chosen.host, chosen.port)
    with opened() as runtime:
        for fault in faults(runtime):
            click.echo(f"not ready: {fault}", err=True)
        renewed, failures = notices.renew(runtime)
    for one in renewed:
        click.echo(f"{one.site}: entry {one.number} holds the script of this release")
    for failure in failures:
        click.echo(f"a script could not be renewed: {failure}", err=True)
    server = Granian(
        "consent.app:front_from_environ",
        factory=True,
        address=chosen.host,
        port=chosen.port,
        interface=Interfaces.ASGINL,
        websockets=False,
        workers=chosen.workers,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        # A worker told to stop before it has started does not hear it.
        workers_kill_timeout=STOP_SECONDS,
    )
    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    click.echo(f"Serving on http://{host}:{chosen.port}")
    server.serve()


def _require_place(host: str, port: int) -> None:
    """Raise BadSetting unless this machine can listen there."""
    try:
        family, *_, place = socket.getaddrinfo(host, port, flags=socket.AI_PASSIVE)[0]
        with socket.create_server(place[:2], family=family):
            pass
    except OSError as exc:
        named = "CONSENT_HOST or CONSENT_PORT"
        raise BadSetting(named, f"cannot listen on {host}:{port}: {exc}") from exc
