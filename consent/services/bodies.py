"""The bodies that browsers post: a choice, a withdrawal, a question for the newest."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from consent.domain.declared import matching
from consent.domain.vocabulary import Decision, How, Regime
from consent.services.accounts import Secret

Hex128 = Annotated[str, matching(r"[0-9a-f]{32}")]
Word = Annotated[str, Meta(max_length=80)]
Number = Annotated[int, Meta(ge=0)]
TokenText = Annotated[str, Meta(max_length=4096)]
Moment = Annotated[datetime, Meta(tz=True)]


class ChoiceRequest(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What a visitor submits: the body of POST records."""

    key: Hex128
    notice: Annotated[int, Meta(ge=1)]
    decisions: Annotated[dict[Word, Decision], Meta(max_length=32)]
    how: How
    locale: Word
    secret: Secret | None = None
    after: Number | None = None
    vendors: Annotated[dict[Word, Decision], Meta(max_length=500)] = {}
    layout: Word | None = None
    regime: Regime | None = None
    gpc: bool = False
    made_at: Moment | None = None


class WithdrawalRequest(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The body of POST withdrawals; without purposes it is about everything."""

    token: TokenText
    key: Hex128
    purposes: Annotated[list[Word], Meta(min_length=1, max_length=32)] | None = None


class HeadRequest(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The body of POST head: a secret or account proof, or a common token to renew."""

    secret: Secret | None = None
    token: TokenText | None = None
    after: Number | None = None
