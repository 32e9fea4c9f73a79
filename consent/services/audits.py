"""Verify a ledger: with the database, or from outside by what is published."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nacl.signing import VerifyKey

from consent.domain import checkpoints
from consent.domain.audit import Audit, Fault
from consent.domain.checkpoints import Checkpoint
from consent.domain.vocabulary import Use
from consent.errors import InvalidProof
from consent.services.progress import Progress, counted, no_progress
from consent.services.runtime import Runtime
from consent.store import folds, integrator, keys, ledger, scan


@dataclass(frozen=True)
class Verified:
    """How many entries were walked, up to which signed size, and what was wrong."""

    size: int
    signed: int
    faults: tuple[Fault, ...]


def verify(
    runtime: Runtime,
    site: str,
    notes: Sequence[str] = (),
    progress: Progress = no_progress,
) -> Verified:
    """Walk through a ledger with the database at hand; raises UnknownSite.

    `notes` are checkpoints kept elsewhere that the ledger has to fit as well. The
    newest one in the database and the guarded one are always among them.
    """
    with runtime.database.snapshot() as connection:
        runtime.follower.follow(connection)
        row = ledger.site_row(connection, site)
        public = [
            key.public for key in keys.public_keys(connection, Use.CHECKPOINT)
        ] + [private.verify_key for private in runtime.sealing]
        newest = integrator.newest_note(connection, row.site_id)
        guarded = runtime.integrator.guarded(site)
        kept = [note for note in (newest, guarded, *notes) if note]
        signed, faults = _read_all(kept, row.origin, public)
        audit = Audit(site, signed, scan.nodes(connection, row.site_id))
        lines = scan.lines(connection, row.site_id)
        faults += audit.walk(counted(lines, row.size, progress))
        faults += audit.close()
        if audit.heads != scan.heads(connection, row.site_id):
            wrong = folds.wrong_heads(connection, row.site_id)
            faults += [
                Fault(None, f"the head of {one.hex()} is wrong") for one in wrong
            ]
        if audit.size != row.size:
            faults.append(Fault(None, f"the site counts {row.size} entries"))
    faults += _status_faults(runtime, site, audit)
    return Verified(audit.size, max((c.size for c in signed), default=0), tuple(faults))


def _read_all(
    notes: Sequence[str], origin: str, public: Sequence[VerifyKey]
) -> tuple[list[Checkpoint], list[Fault]]:
    signed, faults = [], []
    for note in notes:
        try:
            signed.append(checkpoints.read(note, origin, public))
        except InvalidProof as exc:
            faults.append(Fault(None, str(exc)))
    return signed, faults


def _status_faults(runtime: Runtime, site: str, audit: Audit) -> Iterator[Fault]:
    """Compare what checks are answered from with what the walk says."""
    state = runtime.follower.state(site)
    if state.size < audit.size:
        yield Fault(None, f"checks know {state.size} entries")
    # A process that follows may have gone on meanwhile.
    if state.size == audit.size and state.statuses() != audit.statuses():
        yield Fault(None, "the status bits that checks use are not those refolded")
