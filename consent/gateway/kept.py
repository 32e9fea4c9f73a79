"""A site state kept in a file, so that a gateway starts where it stopped."""

import logging
from pathlib import Path

import msgspec

from consent.domain.feed import Snapshot, snapshot_of
from consent.domain.state import SiteState
from consent.wholefiles import becoming

log = logging.getLogger(__name__)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What the file holds, as msgpack."""

    snapshot: Snapshot
    statuses: bytes


def load(path: Path, site: str) -> Kept | None:
    """Return what was kept of a site, or None if nothing was, or nothing usable."""
    try:
        kept = msgspec.msgpack.decode(path.read_bytes(), type=Kept)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as exc:
        log.warning("%s cannot be used: %s", path, exc)
        return None
    return kept if kept.snapshot.site == site else None


def save(path: Path, state: SiteState) -> None:
    """Keep a state, in place of any that was; a disk that is full is only logged."""
    if state.in_force is None:
        return
    # Clocks are left out: however young the file is, it is stale until we ask again.
    snapshot = snapshot_of(state, state.in_force, 0)
    kept = Kept(snapshot=snapshot, statuses=state.statuses())
    try:
        with becoming(path) as file:
            file.write(msgspec.msgpack.encode(kept))
    except OSError as exc:
        log.warning("%s cannot be written: %s", path, exc)
