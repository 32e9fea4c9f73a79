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
from consent.errors import AnotherLedger, NotFound, SnapshotNeeded, UnknownSite
from consent.services.runtime import Runtime

_KEPT_LISTS = 256


def snapshot(runtime: Runtime, site: str) -> Snapshot:
    """Return the site state as this process follows it; raises UnknownSite."""
    state = runtime.follower.state(site)
    if state.in_force is None:
        raise UnknownSite(site)
    now, size = runtime.clock.seconds(), state.size
    last_at = runtime.follower.recent(state).at(size - 1) or 0
    return snapshot_of(state, state.in_force, now, size=size, last_at=last_at)


def changes(
    runtime: Runtime, site: str, after: int, last_at: int | None = None
) -> Changes:
    """Return what happened after a number; -1 is before the first entry.

    `last_at` is when the entry of that number was made, as whoever asks was told.
    Raises UnknownSite, AnotherLedger if it was made at another time, and
    SnapshotNeeded if it is too long ago or yet to come.
    """
    state = runtime.follower.state(site)
    # What it knows by then is told with the moment up to which it knew: never more.
    as_of, now, size = state.as_of, runtime.clock.seconds(), state.size
    start = after + 1
    stop = min(size, start + MAX_CHANGES)
    recent = runtime.follower.recent(state)
    kept = recent.between(start, stop) if start >= 0 else None
    if kept is None or start > size:
        raise SnapshotNeeded("start from the state: what is asked for is not kept")
    if last_at:
        _require_same(recent.at(after), last_at)
    return Changes(
        origin=state.origin,
        size=size,
        last_at=recent.at(stop - 1) or 0,
        now=now,
        as_of=as_of,
        keys=written_keys(state.verifier.keys),
        changes=kept,
    )


def _require_same(made_at: int | None, told_at: int) -> None:
    if made_at is None:
        raise SnapshotNeeded("start from the state: nobody knows if it is the same")
    if made_at != told_at:
        raise AnotherLedger("what was told before is not how this ledger began")


def status_list(runtime: Runtime, site: str, index: int) -> tuple[bytes, int]:
    """Return the JSON of one status list, and how many entries it knows of at least.

    Raises UnknownSite or NotFound.
    """
    state = runtime.follower.state(site)
    size, statuses = state.size, _statuses_of(state, index)
    if not statuses:
        raise NotFound("there is no such status list")
    return _packed(statuses), size


def _statuses_of(state: SiteState, index: int) -> bytes:
    start = index * LIST_BYTES
    return state.statuses(start, start + LIST_BYTES)


@lru_cache(maxsize=_KEPT_LISTS)
def _packed(statuses: bytes) -> bytes:
    return msgspec.json.encode(pack_statuses(statuses))
