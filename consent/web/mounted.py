"""The service mounted on a site's own host: there it sets the cookies by HTTP.

Some browsers forget within a week what a script wrote, and keep what a server set.
"""

import re
from datetime import timedelta

from werkzeug.http import dump_cookie

from consent.services import notices, refusals
from consent.services.accounts import is_proof
from consent.services.answers import Answer
from consent.services.configuration import COOKIE_DAYS
from consent.services.runtime import Runtime
from consent.web.regions import region_of
from consent.web.wire import Environ, cookies

Header = tuple[str, str]
_SECRET = re.compile(r"[0-9a-f]{32}\Z")


def is_mounted(environ: Environ, runtime: Runtime, site: str) -> bool:
    """Tell whether a request came to one of the site's own origins."""
    origins = notices.in_force(runtime, site).notice.origins
    return f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST')}" in origins


def secret(environ: Environ, runtime: Runtime, site: str) -> str | None:
    """Return the secret of the site's own cookie, where it can be seen."""
    held = [one for one in cookies(environ, _secret_name(site)) if _SECRET.match(one)]
    return held[0] if held and is_mounted(environ, runtime, site) else None


def refused(environ: Environ, runtime: Runtime, site: str) -> dict[str, int]:
    """Return what the site's own cookie refuses, where it can be seen."""
    texts = cookies(environ, f"consent_{site}")
    if not texts or not is_mounted(environ, runtime, site):
        return {}
    return refusals.refused_by(runtime, site, texts, region_of(environ, runtime))


def answer_cookies(
    environ: Environ, runtime: Runtime, answer: Answer, secret: str | None
) -> list[Header]:
    """Return the headers that keep an answer in the browser, on the site's own host.

    An account's is kept by the script alone, which also sees when it is logged out.
    """
    if not is_mounted(environ, runtime, answer.site) or is_proof(secret or ""):
        return []
    kept = {f"consent_{answer.site}": answer.token}
    if answer.number is not None:
        kept[_secret_name(answer.site)] = secret
    domain = notices.in_force(runtime, answer.site).notice.cookie_domain
    secure = environ["wsgi.url_scheme"] == "https"
    return [
        (
            "Set-Cookie",
            dump_cookie(
                name,
                value,
                max_age=timedelta(days=COOKIE_DAYS),
                domain=domain,
                secure=secure,
                samesite="Lax",
            ),
        )
        for name, value in kept.items()
        if value
    ]


def _secret_name(site: str) -> str:
    return f"consent_{site}_secret"
