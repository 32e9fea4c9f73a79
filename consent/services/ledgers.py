"""Look at a ledger, and prove that what is kept beside it is only a fold of it."""

from collections.abc import Callable
from dataclasses import dataclass

from consent.services.runtime import Runtime
from consent.store import folds


@dataclass(frozen=True)
class Rebuilt:
    """How many entries were refolded, and what did not agree before."""

    size: int
    differences: tuple[str, ...]


def rebuild(
    runtime: Runtime, site: str, progress: Callable[[int], None] = lambda _: None
) -> Rebuilt:
    """Refold heads, size and newest publication; put right whatever differs.

    Raises UnknownSite, and RuntimeError if an entry or its content is missing.
    """
    with runtime.database.writing() as connection:
        row = folds.lock(connection, site)
        faults, size = [], 0
        for number, fault in folds.column_faults(connection, row.site_id):
            faults += [fault] if fault else []
            size = number + 1
            progress(size)
        faults += folds.refold(connection, row.site_id, size)
    return Rebuilt(size, tuple(faults))
