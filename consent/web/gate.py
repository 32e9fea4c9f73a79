"""The check for proxies: 200 or 403 without body, the reason in a header."""

from http import HTTPStatus

from consent.domain.showing import tokens_shown
from consent.domain.vocabulary import Reason
from consent.errors import UnknownSite
from consent.services.checks import may_fire
from consent.services.runtime import Runtime
from consent.web.wire import Environ, Reply, is_gpc, query_value


def check(environ: Environ, runtime: Runtime, site: str, purpose: str) -> Reply:
    """Answer nginx auth_request, Caddy and Traefik forward auth."""
    return _checked(environ, runtime, site, purpose, query_value(environ, "vendor"))


def check_appended(
    environ: Environ, runtime: Runtime, site: str, purpose: str
) -> Reply:
    """Answer Envoy ext_authz, which appends the address that the event was sent to."""
    return _checked(environ, runtime, site, purpose, None)


def _checked(
    environ: Environ, runtime: Runtime, site: str, purpose: str, vendor: str | None
) -> Reply:
    try:
        verdict = may_fire(
            runtime,
            site,
            _tokens(environ, site),
            purpose,
            vendor,
            gpc=is_gpc(environ),
        )
    except UnknownSite:
        return _DENIED[Reason.UNKNOWN]
    next(runtime.checked[site].tally[purpose][verdict.reason])
    return (_ALLOWED if verdict.allowed else _DENIED)[verdict.reason]


def _tokens(environ: Environ, site: str) -> list[str]:
    """Return the tokens shown: in the header, else in the consent cookie."""
    header = environ.get("HTTP_CONSENT_TOKEN", "")
    return tokens_shown(header, environ.get("HTTP_COOKIE", ""), site)


def _replies(status: HTTPStatus) -> dict[Reason, Reply]:
    return {
        reason: Reply(
            status, [("Consent-Verdict", reason.value), ("Cache-Control", "no-store")]
        )
        for reason in Reason
    }


_ALLOWED = _replies(HTTPStatus.OK)
_DENIED = _replies(HTTPStatus.FORBIDDEN)
