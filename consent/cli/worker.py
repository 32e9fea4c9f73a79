"""The work behind the scenes, apart from serving."""

import signal

import click

from consent.cli.opening import opened
from consent.cli.printing import counting
from consent.services import retention
from consent.services.worker import Worker


@click.command()
def worker() -> None:
    """Sign checkpoints, tell the webhook, purge what served its time, until stopped.

    `consent serve` does the same unless CONSENT_WORKER is `no`.
    """
    with opened() as runtime:
        runtime.start()
        work = Worker(runtime)
        signal.signal(signal.SIGTERM, lambda *_: work.stop())
        click.echo("Working.")
        try:
            work.run()
        except KeyboardInterrupt:
            work.stop()


@click.command()
@click.argument("site")
def purge(site: str) -> None:
    """Remove the contents of records whose term and proof period are over.

    It can be stopped at any moment and run again.
    """
    with opened() as runtime, counting("Purging") as progress:
        passed = retention.purge(runtime, site, runtime.clock.now(), progress)
    gone = f"{passed} entries passed; the contents of their records are gone."
    click.echo(gone if passed else "No record has served its time yet.")
