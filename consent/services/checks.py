"""Answer checks from memory, by the state that this process follows."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from consent.domain.checks import Verdict
from consent.domain.deciding import decide_all
from consent.errors import InvalidCheck
from consent.services import apikeys, past
from consent.services.bodies import Hex128, Moment, TokenText, Word
from consent.services.past import Question
from consent.services.runtime import Runtime

MOST_CHECKS = 10_000


class CheckRequest(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One check of POST checks; `subject` and `at` need an API key."""

    purpose: Word
    token: TokenText | None = None
    vendor: Word | None = None
    gpc: bool = False
    subject: Hex128 | None = None
    at: Moment | None = None

    @property
    def needs_key(self) -> bool:
        """Whether it asks about more than what a token says now."""
        return self.subject is not None or self.at is not None


class ChecksRequest(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The body of POST checks."""

    checks: Annotated[list[CheckRequest], Meta(max_length=MOST_CHECKS)]

    @property
    def needs_key(self) -> bool:
        """Whether one of them does."""
        return any(one.needs_key for one in self.checks)


def may_fire(
    runtime: Runtime,
    site: str,
    tokens: Sequence[str],
    purpose: str,
    vendor: str | None,
    *,
    gpc: bool,
) -> Verdict:
    """Decide by the tokens that one visitor sent; raises UnknownSite."""
    state = runtime.follower.state(site)
    return decide_all(state, tokens, purpose, runtime.clock.seconds(), vendor, gpc)


def verdicts(
    runtime: Runtime, site: str, asked: ChecksRequest, *, gpc: bool, key: str | None
) -> Iterator[Verdict]:
    """Return the verdicts of many checks, in their order; `key` is the API key shown.

    Each is worked out when it is asked for; whatever can fail fails before.
    Raises UnknownSite, InvalidApiKey, InvalidCheck, and whatever answering raises.
    """
    if asked.needs_key:
        apikeys.require(runtime, site, key)
    questions = [_question(one, gpc=gpc) for one in asked.checks]
    now = runtime.clock.now()
    for place, question in enumerate(questions):
        if fault := past.fault_of(question, now):
            raise InvalidCheck(f"checks[{place}]: {fault}")
    return past.answer(runtime, site, questions)


def _question(one: CheckRequest, *, gpc: bool) -> Question:
    return Question(
        purpose=one.purpose,
        at=one.at,
        token=one.token,
        subject=bytes.fromhex(one.subject) if one.subject else None,
        vendor=one.vendor,
        gpc=gpc or one.gpc,
    )
