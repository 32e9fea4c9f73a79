"""Decide by tokens, most of which were seen a moment ago.

What a token was found to allow is remembered with the state it was found by: until
the token expires or the state is stale, and while its record is in force. A state
forgets it all as soon as anything else changes that a verdict rests on.
"""

from collections.abc import Sequence

from consent.domain.checks import Verdict, check
from consent.domain.state import Asked, Seen, SiteState
from consent.domain.tokens import REMEMBERED
from consent.domain.vocabulary import Reason
from consent.errors import InvalidToken

_LASTING = {Reason.GRANTED, Reason.REFUSED, Reason.OBJECTED, Reason.DEFAULT}


def decide(
    state: SiteState,
    token: str,
    purpose: str,
    now: float,
    vendor: str | None = None,
    gpc: bool = False,
) -> Verdict:
    """Return what `check` returns, which most often is remembered."""
    asked: Asked = purpose if vendor is None and not gpc else (purpose, vendor, gpc)
    try:
        until, place, mask, verdict = state.seen[token][asked]
    except KeyError:
        pass
    else:
        if now < until and not state.packed[place] & mask:
            return verdict
    # Of what changes from here on, nothing is in what is remembered next.
    seen = state.seen
    verdict = check(state, token, purpose, now, vendor, gpc)
    if verdict.reason in _LASTING:
        _remember(seen, state, token, asked, verdict)
    return verdict


def decide_all(
    state: SiteState,
    tokens: Sequence[str],
    purpose: str,
    now: float,
    vendor: str | None = None,
    gpc: bool = False,
) -> Verdict:
    """Decide by however many tokens were shown (duplicate cookies): all must allow."""
    if not tokens:
        return check(state, None, purpose, now, vendor, gpc)
    for token in tokens:
        verdict = decide(state, token, purpose, now, vendor, gpc)
        if not verdict.allowed:
            break
    return verdict


def _remember(
    seen: Seen, state: SiteState, token: str, asked: Asked, verdict: Verdict
) -> None:
    try:
        read = state.verifier.read(token)
    except InvalidToken:
        # Its key was withdrawn while we decided.
        return
    number = read.number or 0
    if number < state.size:
        until = min(read.expires, state.as_of + state.max_stale_seconds)
        mask = 0 if read.number is None else 3 << 2 * (number & 3)
        seen.setdefault(token, {})[asked] = until, number >> 2, mask, verdict
    if len(seen) > REMEMBERED:
        state.forget()
