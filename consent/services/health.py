"""Whether this process can do its work."""

from consent.errors import MissingKey
from consent.services.runtime import Runtime


def faults(runtime: Runtime) -> list[str]:
    """Return what keeps this process from serving; empty if nothing does."""
    found = []
    if runtime.follower.age_seconds > runtime.settings.max_stale_seconds / 2:
        found.append("follower: no answer from the database")
    if not runtime.writer.is_alive:
        found.append("writer: stopped")
    try:
        runtime.require_signer()
    except MissingKey:
        found.append("keys: no private key to sign tokens with")
    if not runtime.integrator.can_sign:
        found.append("keys: no private key to sign checkpoints with")
    faulty = sorted(runtime.faulty.items())
    return [*found, *(f"ledger of {site}: {why}" for site, why in faulty)]
