"""Tokens inside events, so that what is queued is checked when it is sent on.

An event carries what it is checked by in two fields of its own, and is rid of them
before it goes to anybody else.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from consent.domain.checks import Verdict
from consent.domain.showing import is_signalled, tokens_shown
from consent.gateway.gateway import Gateway

# Names, no secrets.
TOKEN_FIELD = "consent_token"  # noqa: S105
GPC_FIELD = "consent_gpc"
_TOKEN = "consent-token"  # noqa: S105
_COOKIE = "cookie"
_GPC = "sec-gpc"
Event = dict[str, Any]


class Shown(NamedTuple):
    """What a visitor's browser showed: tokens, and whether it sent Sec-GPC."""

    tokens: tuple[str, ...] = ()
    gpc: bool = False


NOTHING_SHOWN = Shown()


class Judged(NamedTuple):
    """An event without what it was checked by, and whether it may be sent on."""

    event: Event
    verdict: Verdict


def shown_in(headers: Iterable[tuple[str, str]], site: str) -> Shown:
    """Return what a request shows: in its header, else in its consent cookies.

    :param headers: names and values; a name may come more than once
    """
    values: dict[str, list[str]] = {name: [] for name in (_TOKEN, _COOKIE, _GPC)}
    for name, value in headers:
        if (known := name.lower()) in values:
            values[known].append(value.strip())
    shown = tokens_shown(",".join(values[_TOKEN]), ";".join(values[_COOKIE]), site)
    # A server that could not read a header hands it over empty: that is no absence.
    if not shown and "" in values[_TOKEN] + values[_COOKIE]:
        shown = [""]
    return Shown(tuple(shown), is_signalled(",".join(values[_GPC])))


def stamped(event: Mapping[str, Any], shown: Shown) -> Event:
    """Return an event that carries what its request shows, to be queued.

    A token that it carries already stays, for it is the visitor's who caused it.
    """
    carried, plain = taken(event, shown)
    marked = {GPC_FIELD: True} if carried.gpc else {}
    return plain | {TOKEN_FIELD: list(carried.tokens)} | marked


def taken(
    event: Mapping[str, Any], otherwise: Shown = NOTHING_SHOWN
) -> tuple[Shown, Event]:
    """Return what an event is to be checked by, and the event without it.

    :param otherwise: what the request shows, for an event that has no token itself
    """
    plain = dict(event)
    tokens = _tokens(plain.pop(TOKEN_FIELD, None)) or otherwise.tokens
    gpc = bool(plain.pop(GPC_FIELD, False)) or otherwise.gpc
    return Shown(tokens, gpc), plain


def judged(
    gateway: Gateway,
    events: Iterable[Mapping[str, Any]],
    purpose: str,
    vendor: str | None = None,
    *,
    otherwise: Shown = NOTHING_SHOWN,
) -> list[Judged]:
    """Check events, each by its own token, at the moment they are sent on.

    :param otherwise: what the request shows that brought events without a token
    """
    return [
        Judged(plain, gateway.decide(shown.tokens, purpose, vendor, gpc=shown.gpc))
        for shown, plain in (taken(event, otherwise) for event in events)
    ]


def _tokens(field: object) -> tuple[str, ...]:
    """Return the tokens in a field; what is none becomes one that is invalid.

    Left out it would read as never asked, which allows where only an objection stops.
    """
    if field is None:
        return ()
    texts = field if isinstance(field, list) else [field]
    return tuple(text if isinstance(text, str) else "" for text in texts)
