"""A site state kept in a file, so that a gateway starts where it stopped."""

import hashlib
import logging
from pathlib import Path

import msgspec

from consent.domain.feed import Snapshot, snapshot_of
from consent.domain.state import SiteState
from consent.wholefiles import becoming

log = logging.getLogger(__name__)
_DIGEST_BYTES = hashlib.sha256().digest_size


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What the file holds, as msgpack, after its SHA-256."""

    snapshot: Snapshot
    statuses: bytes


def load(path: Path, site: str) -> Kept | None:
    """Return what was kept of a site, or None if nothing was, or nothing usable."""
    try:
        kept = _read(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as exc:
        log.warning("%s cannot be used: %s", path, exc)
        return None
    return kept if kept.snapshot.site == site else None


def save(path: Path, state: SiteState, last_at: int) -> None:
    """Keep a state, in place of any that was; a disk that is full is only logged.

    `last_at` is when its last entry was made, as the service told.
    """
    if state.in_force is None:
        return
    # Clocks are left out: however young the file is, it is stale until we ask again.
    snapshot = snapshot_of(state, state.in_force, 0, size=state.size, last_at=last_at)
    kept = Kept(snapshot=snapshot, statuses=state.statuses())
    try:
        with becoming(path) as file:
            written = msgspec.msgpack.encode(kept)
            file.write(hashlib.sha256(written).digest() + written)
    except OSError as exc:
        log.warning("%s cannot be written: %s", path, exc)


def _read(content: bytes) -> Kept:
    """Return what a file holds; raises ValueError unless it is as it was written."""
    digest, written = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    if hashlib.sha256(written).digest() != digest:
        raise ValueError("it is damaged")
    return msgspec.msgpack.decode(written, type=Kept)
