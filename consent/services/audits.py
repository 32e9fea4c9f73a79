"""Verify a ledger with the database at hand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nacl.signing import VerifyKey

from consent.domain import checkpoints
from consent.domain.audit import Audit
from consent.domain.checkpoints import Checkpoint
from consent.domain.regrowth import Fault
from consent.errors import InvalidProof
from consent.services.progress import Progress, counted, no_progress
from consent.services.runtime import Runtime
from consent.store import folds, integrator, ledger, scan


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
    guarded = runtime.integrator.guarded(site)
    with runtime.database.snapshot() as connection:
        row = ledger.site_row(connection, site)
        runtime.follower.follow(connection)
        statuses = runtime.follower.statuses(site)
        public = runtime.integrator.trusted_keys(connection)
        kept = {
            "in the database": integrator.newest_note(connection, row.site_id),
            "of the guard": guarded,
            **{f"given as {place}": note for place, note in enumerate(notes, 1)},
        }
        signed, faults = read_notes(kept, row.origin, public)
        audit = Audit(
            site, signed, scan.nodes(connection, row.site_id), has_columns=True
        )
        lines = scan.lines(connection, row.site_id)
        faults += audit.walk(counted(lines, row.size, progress))
        faults += audit.close()
        wrong = folds.wrong_columns(connection, row.site_id, audit.size)
        if wrong.pop("size", None) is not None:
            faults.append(miscounted(row.size, audit.size))
        beside = [f"the site's {name} is not {right}" for name, right in wrong.items()]
        beside += scan.strays(connection, row.site_id, audit.size)
        beside += scan.checkpoint_faults(connection, row.site_id)
        faults += (Fault(None, what) for what in beside)
        heads, strays = scan.heads(connection, row.site_id, audit.size)
    faults += stray_heads(strays)
    faults += audit.compare(statuses, heads)
    return Verified(audit.size, max((c.size for c in signed), default=0), tuple(faults))


def read_notes(
    notes: Mapping[str, str | None], origin: str, public: Sequence[VerifyKey]
) -> tuple[list[Checkpoint], list[Fault]]:
    """Return the checkpoints that notes from several places prove, and what is wrong.

    A place may have none.
    """
    signed, faults = [], []
    for place, note in notes.items():
        if note is None:
            continue
        try:
            signed.append(checkpoints.read(note, origin, public))
        except InvalidProof as exc:
            faults.append(Fault(None, f"the checkpoint {place} proves nothing: {exc}"))
    return signed, faults


def miscounted(kept: int, walked: int) -> Fault:
    """Return that a site counts other than its entries do."""
    return Fault(None, f"the site counts {kept} entries, and there are {walked}")


def stray_heads(count: int) -> Iterable[Fault]:
    """Return that heads are kept which are no record of their subject, if so."""
    what = f"{count} heads are kept which are no record of their subject"
    return [Fault(None, what)] if count else []
