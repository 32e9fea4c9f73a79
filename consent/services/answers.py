"""What a browser is told of its record: what stands, and the token that states it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from consent.domain import issuing
from consent.domain.entries import Record
from consent.domain.state import SiteState
from consent.domain.terms import Terms
from consent.domain.tokens import Token
from consent.domain.vocabulary import Decision
from consent.errors import Unavailable
from consent.services.runtime import Runtime


@dataclass(frozen=True)
class Answer:
    """What the browser is told: what stands, and the token that states it.

    `previous` is the number of the record it followed: a browser that knew an older
    one only has not seen what another one decided in between.
    """

    site: str
    decisions: dict[str, Decision]
    token: str | None
    expires_at: datetime | None
    number: int | None
    previous: int | None = None


def to_record(
    runtime: Runtime, state: SiteState, record: Record, *, with_token: bool = True
) -> Answer:
    """Answer a record with the token that states it; raises Unavailable."""
    if record.subject is None:
        return to_common(runtime, state, record, set())
    if not with_token:
        return Answer(record.site, _decisions(record), None, None, record.number)
    token = issuing.numbered_token(record, published_terms(state, record.terms))
    told = signed(runtime, token, _decisions(record))
    return replace(told, previous=record.previous)


def to_common(
    runtime: Runtime, state: SiteState, record: Record, refused: set[str]
) -> Answer:
    """Answer a record without subject; `refused` was refused before it.

    Raises Unavailable.
    """
    token = issuing.common_token(
        published_terms(state, record.terms),
        record.at,
        record.regime,
        refused=refused | record.decisions.keys(),
        gpc=record.gpc,
    )
    return signed(runtime, token, _decisions(record))


def signed(runtime: Runtime, token: Token, decisions: dict[str, Decision]) -> Answer:
    """Answer with a token, and what it was made of."""
    expires_at = datetime.fromtimestamp(token.expires, UTC)
    text = runtime.sign(token)
    return Answer(token.site, decisions, text, expires_at, token.number)


def published_terms(state: SiteState, version: int) -> Terms:
    """Return a version's terms.

    Raises Unavailable: another process may have published them just now.
    """
    terms = state.terms.get(version)
    if terms is None:
        raise Unavailable(f"notice {version} has not arrived here yet; try again")
    return terms


def _decisions(record: Record) -> dict[str, Decision]:
    return {name: made.decision for name, made in sorted(record.decisions.items())}
