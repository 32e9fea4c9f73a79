"""Which token states a record: numbered for a subject, common for a bare no."""

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from consent.domain.entries import Record
from consent.domain.terms import Terms
from consent.domain.tokens import DEFAULT_SECONDS, Token, VendorDecision
from consent.domain.vocabulary import Decision, Regime

DAY_SECONDS = 86_400


def numbered_token(record: Record, terms: Terms) -> Token:
    """Return the token of a subject's record; the same whenever it is asked for.

    Its term runs from the oldest grant it keeps.
    """
    granted = [
        made.at
        for made in record.decisions.values()
        if made.decision is Decision.GRANTED
    ]
    starts = min(granted, default=record.at)
    return Token(
        site=record.site,
        number=record.number,
        notice=terms.version,
        allowed=_mask(record, terms),
        exceptions=tuple(sorted(_exceptions(record, terms), key=_place)),
        gpc=record.gpc,
        issued=_seconds(record.at),
        expires=_seconds(starts) + terms.term_days[record.regime] * DAY_SECONDS,
    )


def common_token(
    terms: Terms,
    now: datetime,
    regime: Regime,
    *,
    refused: Iterable[str] = (),
    gpc: bool = False,
) -> Token:
    """Return the token of everyone who gave the same answer on the same UTC day."""
    day = _seconds(now) // DAY_SECONDS * DAY_SECONDS
    denied = set(refused)
    allowed = sum(
        1 << purpose.bit
        for purpose in terms.optional.values()
        if purpose.id not in denied and purpose.is_allowed_by_default(regime, gpc=gpc)
    )
    return Token(
        site=terms.site,
        number=None,
        notice=terms.version,
        allowed=allowed,
        exceptions=(),
        gpc=gpc,
        issued=day,
        expires=day + terms.term_days[regime] * DAY_SECONDS,
    )


def default_token(terms: Terms, now: datetime, regime: Regime, *, gpc: bool) -> Token:
    """Return what the script hands out on a UTC day before anybody is asked."""
    token = common_token(terms, now, regime, gpc=gpc)
    return replace(token, expires=token.issued + DEFAULT_SECONDS)


def denied_by(token: Token, terms: Terms) -> set[str]:
    """Return the purposes that a token does not allow."""
    return {
        purpose.id
        for purpose in terms.optional.values()
        if not token.allowed >> purpose.bit & 1
    }


def _mask(record: Record, terms: Terms) -> int:
    mask = 0
    for purpose in terms.optional.values():
        made = record.decisions.get(purpose.id)
        allowed = (
            made.decision is Decision.GRANTED
            if made
            else purpose.is_allowed_by_default(record.regime, gpc=record.gpc)
        )
        mask |= allowed << purpose.bit
    return mask


def _exceptions(record: Record, terms: Terms) -> Iterable[VendorDecision]:
    for name, made in record.decisions.items():
        purpose_id, _, vendor_id = name.partition(":")
        purpose = terms.optional.get(purpose_id)
        if purpose and vendor_id in purpose.vendors:
            yield VendorDecision(
                purpose.bit,
                terms.vendors[vendor_id],
                made.decision is Decision.GRANTED,
            )


def _place(exception: VendorDecision) -> tuple[int, int]:
    return exception.bit, exception.vendor


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
