"""Write a whole ledger to a file that an auditor can do without us with."""

from pathlib import Path
from typing import BinaryIO

from consent.domain.ledger_export import Header, Trailer, exported, written
from consent.errors import Unavailable
from consent.services import keys
from consent.services.progress import Progress, counted, no_progress
from consent.services.runtime import Runtime
from consent.store import integrator, ledger, scan
from consent.wholefiles import becoming


def export_ledger(
    runtime: Runtime, site: str, path: Path, progress: Progress = no_progress
) -> Header:
    """Write the ledger as it is at this moment; return what the file is headed by.

    The file has its name once it is whole. Raises UnknownSite or Unavailable.
    """
    try:
        with becoming(path) as file:
            return _write(runtime, site, file, progress)
    except OSError as exc:
        raise Unavailable(f"{path} cannot be written: {exc.strerror}") from exc


def _write(runtime: Runtime, site: str, file: BinaryIO, progress: Progress) -> Header:
    with runtime.database.snapshot() as connection:
        row = ledger.site_row(connection, site)
        runtime.follower.follow(connection)
        statuses = runtime.follower.statuses(site)
        header = Header(
            site=site,
            origin=row.origin,
            size=row.size,
            keys=tuple(keys.verifier_keys(runtime, site)),
            checkpoint=integrator.newest_note(connection, row.site_id),
        )
        file.write(written(header))
        lines = counted(scan.lines(connection, row.site_id), row.size, progress)
        file.writelines(written(exported(line)) for line in lines)
        heads, strays = scan.heads(connection, row.site_id, row.size)
        kept = Trailer(statuses=statuses, heads=heads, strays=strays)
        file.write(written(kept))
    return header
