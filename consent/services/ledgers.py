"""Look at a ledger, and prove that what is kept beside it is only a fold of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from consent.domain.audit import Audit
from consent.domain.vocabulary import Use
from consent.errors import Forked, MissingKey
from consent.services import keys, notices
from consent.services.progress import Progress, counted, no_progress
from consent.services.runtime import Runtime
from consent.store import folds, scan, tree


@dataclass(frozen=True)
class Rebuilt:
    """How many entries were refolded, and what did not agree before."""

    size: int
    differences: tuple[str, ...]


def rebuild(runtime: Runtime, site: str, progress: Progress = no_progress) -> Rebuilt:
    """Refold heads, size, newest publication and tiles; put right whatever differs.

    Content that is back though it was erased or purged is removed again. Raises
    UnknownSite, and Forked if the ledger itself is at fault: nothing is made up for
    an entry or a content that is missing or was changed.
    """
    with runtime.database.writing() as connection:
        row = folds.lock(connection, site)
        returned = folds.remove_returned(connection, row.site_id)
        audit = Audit(site, has_columns=True)
        lines = counted(scan.lines(connection, row.site_id), row.size, progress)
        for fault in chain(audit.walk(lines), audit.close()):
            raise Forked(f"{fault}; nothing was refolded")
        differences = folds.refold(connection, row.site_id, audit.size)
        tree.forget(connection, row.site_id)
        tree.store_full_tiles(connection, row.site_id, audit.size)
    if returned:
        runtime.database.scrub()
    differences += [f"content of {number}, which had to be gone" for number in returned]
    return Rebuilt(audit.size, tuple(differences))


def start_anew(runtime: Runtime, named: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Go on with every forked ledger under a new origin; return sites and origins.

    So are those `named`, whose gateways heard of more than was ever signed.

    What was lost may have been withdrawals, so every token signed so far is
    distrusted: browsers ask for a new one. Raises MissingKey without a key file to
    append the new token key to, for the old one must never sign again. Raises
    Unavailable if the guard cannot be reached, and UnknownSite.
    """
    runtime.integrator.examine()
    known = [runtime.follower.state(site).site for site in named]
    forked = sorted({*runtime.integrator.forks, *known})
    if not forked:
        return []
    if not runtime.settings.token_keys_path or not runtime.sealing:
        raise MissingKey(
            "set CONSENT_TOKEN_KEYS_FILE and CONSENT_CHECKPOINT_KEYS first: a new token"
            " key has to be kept, and the ledger signed"
        )
    old = [key.kid for use, key in keys.all_keys(runtime) if use is Use.TOKEN]
    for kid in old:
        keys.retire_key(runtime, kid, compromised=True)
    keys.add_key(runtime, Use.TOKEN)
    origins = []
    for site in forked:
        moment = runtime.clock.now().strftime("%Y%m%dT%H%M%SZ")
        origin = f"{notices.origin_of(runtime.settings, site)}/{moment}"
        runtime.integrator.start_anew(site, origin)
        origins.append((site, origin))
    return origins
