"""Answer checks from memory, by the state that this process follows."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from consent.domain.checks import Verdict, check, check_all
from consent.services.choices import TokenText, Word
from consent.services.runtime import Runtime


class CheckRequest(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One check of POST checks."""

    purpose: Word
    token: TokenText | None = None
    vendor: Word | None = None


class ChecksRequest(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The body of POST checks."""

    checks: Annotated[list[CheckRequest], Meta(max_length=1_000)]


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
    return check_all(state, tokens, purpose, runtime.clock.seconds(), vendor, gpc)


def verdicts(
    runtime: Runtime, site: str, asked: ChecksRequest, *, gpc: bool
) -> list[Verdict]:
    """Decide many checks, in their order; raises UnknownSite."""
    state, now = runtime.follower.state(site), runtime.clock.seconds()
    return [
        check(state, one.token, one.purpose, now, one.vendor, gpc)
        for one in asked.checks
    ]
