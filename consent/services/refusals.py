"""What a no without identifier leaves: a token that is the same for all who said it."""

from collections.abc import Iterable, Mapping

from consent.domain.entries import Publication
from consent.domain.issuing import common_token, denied_by
from consent.domain.regions import regime_in
from consent.domain.terms import Terms, terms_of
from consent.domain.tokens import DEFAULT_SECONDS, Token
from consent.domain.vocabulary import Decision, Regime
from consent.errors import InvalidToken
from consent.services.runtime import Runtime


def refusal(
    runtime: Runtime,
    publication: Publication,
    refused: Mapping[str, int],
    *,
    region: str | None,
    gpc: bool,
) -> str | None:
    """Return the common token that says no to what was refused, if anything was.

    `refused` tells on which version. Raises MissingKey.
    """
    terms = terms_of(publication)
    denied = _standing(terms, refused)
    if not denied:
        return None
    regime = regime_in(region, publication.notice.by_region)
    now = runtime.clock.now()
    return runtime.sign(common_token(terms, now, regime, refused=denied, gpc=gpc))


def said_before(
    runtime: Runtime, site: str, version: int, refused: Mapping[str, int]
) -> dict[str, Decision]:
    """Return each no as a decision under a version of the notice."""
    terms = runtime.follower.state(site).terms.get(version)
    return _standing(terms, refused) if terms else {}


def refused_by(
    runtime: Runtime, site: str, texts: Iterable[str], region: str | None
) -> dict[str, int]:
    """Return what common tokens in a browser refuse, and on which version.

    What is merely the default where the visitor is, nobody refused.
    """
    state, now = runtime.follower.state(site), runtime.clock.now().timestamp()
    refused: dict[str, int] = {}
    for text in texts:
        try:
            token = state.verifier.read(text)
        except InvalidToken:
            continue
        terms = state.terms.get(token.notice)
        if token.site == site and terms and _is_answer(token) and token.expires > now:
            said = dict.fromkeys(_said(token, terms, region), token.notice)
            refused |= said
    return refused


def _is_answer(token: Token) -> bool:
    return token.number is None and token.expires - token.issued > DEFAULT_SECONDS


def _said(token: Token, terms: Terms, region: str | None) -> set[str]:
    regime = terms.regime_in(region)
    return {
        name
        for name in denied_by(token, terms)
        if regime is Regime.OPT_IN
        or terms.optional[name].is_allowed_by_default(regime, gpc=token.gpc)
    }


def _standing(terms: Terms, refused: Mapping[str, int]) -> dict[str, Decision]:
    """Return each no that still counts: what changed since is asked about anew."""
    return {
        purpose.id: purpose.no
        for purpose in terms.optional.values()
        if refused.get(purpose.id, 0) >= purpose.since
    }
