"""Matomo's tracking HTTP API: `consent` of a request."""

from typing import Any

from consent.domain.vocabulary import Reason
from consent.gateway.adapters.verdicts import Event, Verdicts, allows


def for_matomo(event: Event, verdicts: Verdicts, purpose: str) -> dict[str, Any] | None:
    """Return a request's parameters, with `consent=1` if somebody did consent.

    No parameter keeps Matomo from counting a request, so it waits for its purpose.
    """
    if not allows(verdicts, purpose):
        return None
    kept = {name: value for name, value in event.items() if name != "consent"}
    is_granted = verdicts[purpose].reason is Reason.GRANTED
    return {**kept, "consent": 1} if is_granted else kept
