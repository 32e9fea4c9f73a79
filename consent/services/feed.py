"""Tell gateways the site state, and what changes in it."""

from functools import lru_cache

import msgspec

from consent.domain.feed import (
    LIST_BYTES,
    MAX_CHANGES,
    Changes,
    Snapshot,
    pack_statuses,
    snapshot_of,
    written_keys,
)
from consent.domain.state import SiteState
from consent.errors import NotFound, SnapshotNeeded, UnknownSite
from consent.services.runtime import Runtime

_KEPT_LISTS = 256


def snapshot(runtime: Runtime, site: str) -> Snapshot:
    """Return the site state as this process follows it; raises UnknownSite."""
    state = runtime.follower.state(site)
    if state.in_force is None:
        raise UnknownSite(site)
    return snapshot_of(state, state.in_force, runtime.clock.seconds())


def changes(runtime: Runtime, site: str, after: int) -> Changes:
    """Return what happened after a number; -1 is before the first entry.

    Raises UnknownSite, and SnapshotNeeded if it is too long ago or yet to come.
    """
    state = runtime.follower.state(site)
    # What it knows by then is told with the moment up to which it knew: never more.
    as_of, now, size = state.as_of, runtime.clock.seconds(), state.size
    start = after + 1
    stop = min(size, start + MAX_CHANGES)
    kept = runtime.follower.recent(site).between(start, stop) if start >= 0 else None
    if kept is None or start > size:
        raise SnapshotNeeded("start from the state: what is asked for is not kept")
    return Changes(
        origin=state.origin,
        size=size,
        now=now,
        as_of=as_of,
        keys=written_keys(state.verifier.keys),
        changes=kept,
    )


def status_list(runtime: Runtime, site: str, index: int) -> bytes:
    """Return the JSON of one status list; raises UnknownSite or NotFound."""
    state = runtime.follower.state(site)
    statuses = _statuses_of(state, index)
    if not statuses:
        raise NotFound("there is no such status list")
    return _packed(statuses)


def _statuses_of(state: SiteState, index: int) -> bytes:
    start = index * LIST_BYTES
    return state.statuses(start, start + LIST_BYTES)


@lru_cache(maxsize=_KEPT_LISTS)
def _packed(statuses: bytes) -> bytes:
    return msgspec.json.encode(pack_statuses(statuses))
