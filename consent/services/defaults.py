"""What stands for whoever was never asked, as tokens that are the same for all."""

from datetime import datetime

from consent.domain.entries import Publication
from consent.domain.issuing import default_token
from consent.domain.terms import terms_of
from consent.domain.tokens import Token
from consent.domain.vocabulary import Regime
from consent.services.runtime import Runtime


def default_of(
    publication: Publication, regime: Regime, at: datetime, *, gpc: bool
) -> Token | None:
    """Return what the script hands out before it asks; under opt-in nothing."""
    if regime is Regime.OPT_IN:
        return None
    return default_token(terms_of(publication), at, regime, gpc=gpc)


def signed_defaults(
    runtime: Runtime, publication: Publication, regime: Regime
) -> tuple[str, ...]:
    """Return today's, signed: first without Global Privacy Control, then with it.

    Raises MissingKey.
    """
    now = runtime.clock.now()
    found = (default_of(publication, regime, now, gpc=gpc) for gpc in (False, True))
    return tuple(runtime.sign(token) for token in found if token)
