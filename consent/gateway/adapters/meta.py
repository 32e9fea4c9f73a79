"""Meta's Conversions API: whether the use of an event is limited."""

from types import MappingProxyType
from typing import Any

from consent.gateway.adapters.verdicts import Event, Signals, Verdicts, allows

OPTIONS = "data_processing_options"
COUNTRY, STATE = f"{OPTIONS}_country", f"{OPTIONS}_state"
NO_SIGNALS: Signals = MappingProxyType({})


def for_meta(
    event: Event,
    verdicts: Verdicts,
    purpose: str,
    signals: Signals = NO_SIGNALS,
    *,
    country: int = 0,
    state: int = 0,
) -> dict[str, Any] | None:
    """Return a server event whose use is limited unless what sells is allowed.

    Meta's servers do not know what the pixel was told, so an event waits for its
    purpose. `limited_data_use` is the only signal; without it the event's own options
    stay. Country and state 0 let Meta find out by the address in the event, 1 and 1000
    are California.
    """
    if not allows(verdicts, purpose):
        return None
    sells = signals.get("limited_data_use")
    if sells is None:
        return dict(event)
    kept = {k: v for k, v in event.items() if k not in (OPTIONS, COUNTRY, STATE)}
    if allows(verdicts, sells):
        return {**kept, OPTIONS: []}
    return {**kept, OPTIONS: ["LDU"], COUNTRY: country, STATE: state}
