"""The banner script over HTTP: in the visitor's language, kept compressed."""

import gzip
import logging
from datetime import date
from functools import lru_cache
from http import HTTPStatus

import brotli

from consent.domain.entries import Publication
from consent.domain.regions import regime_in
from consent.domain.vocabulary import Regime
from consent.errors import MethodNotAllowed, NotFound
from consent.services import notices
from consent.services.defaults import signed_defaults
from consent.services.runtime import Runtime
from consent.services.scripts import HASH_DIGITS, handing_out, script_of, sha256_of
from consent.web.encodings import preferred
from consent.web.locale import negotiate
from consent.web.regions import named_region, region_of
from consent.web.wire import NOSNIFF, Environ, Reply, query_value

MAX_AGE_SECONDS = 300
_MOST_DIGITS = 9
Encodings = dict[str, tuple[bytes, str]]
"""A script's bytes and tag by content encoding."""
Issue = tuple[date, str]

log = logging.getLogger(__name__)


class Banner:
    """Serves the banner script of each site in each of its languages."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._scripts = lru_cache(maxsize=256)(self._script)
        self._dialogs = lru_cache(maxsize=256)(self._dialog)

    def serve(self, environ: Environ, site: str) -> Reply:
        """Answer GET banner.js; raises UnknownSite."""
        _require_get(environ)
        publication = notices.in_force(self._runtime, site)
        lang = query_value(environ, "lang")
        locale = _locale(environ, publication)
        region = region_of(environ, self._runtime)
        regime = regime_in(region, publication.notice.by_region)
        issue = self._issue(regime)
        encodings = self._scripts(site, publication.number, locale, regime, issue)
        vary = "Accept-Encoding" if lang else "Accept-Encoding, Accept-Language"
        is_same_for_all = len(publication.notice.in_use) == 1
        is_shared = is_same_for_all or named_region(environ, self._runtime) is not None
        keep = f"{'public' if is_shared else 'private'}, max-age={MAX_AGE_SECONDS}"
        return _reply(environ, encodings, locale, vary=vary, keep=keep)

    def serve_dialog(self, environ: Environ, site: str) -> Reply:
        """Answer GET dialog.js of any notice; raises UnknownSite or NotFound."""
        _require_get(environ)
        version = query_value(environ, "notice") or ""
        if not version.isdecimal() or len(version) > _MOST_DIGITS:
            raise NotFound(f"{site} has no notice {version!r}")
        publication = notices.published(self._runtime, site, int(version))
        locale = _locale(environ, publication)
        encodings = self._dialogs(site, publication.number, locale)
        # Another release's script may name a dialog that this one does not build.
        _, etag = encodings["identity"]
        is_named = etag.strip('"')[:HASH_DIGITS] == query_value(environ, "v")
        keep = "public, max-age=31536000, immutable" if is_named else "no-cache"
        return _reply(environ, encodings, locale, vary="Accept-Encoding", keep=keep)

    def _script(
        self,
        site: str,
        _number: int,
        locale: str,
        regime: Regime,
        _issue: Issue | None,
    ) -> Encodings:
        publication = notices.in_force(self._runtime, site)
        scripts = self._runtime.scripts
        script = scripts.script(publication, locale, regime)
        published = script_of(publication, locale, regime)
        if published is None or published.sha256 != script.sha256:
            log.warning(
                "%s: this release's script is not the one in the ledger, so replays "
                "will not be exact: publish the site file again",
                site,
            )
        tokens = signed_defaults(self._runtime, publication, regime)
        return _encoded(scripts.built(handing_out(tokens, script.config)))

    def _issue(self, regime: Regime) -> Issue | None:
        """Return what the common tokens of a script go by: their day, and who signs.

        Signing costs more than all else that a request does. Raises MissingKey.
        """
        if regime is Regime.OPT_IN:
            return None
        return self._runtime.clock.now().date(), self._runtime.require_signer().kid

    def _dialog(self, site: str, number: int, locale: str) -> Encodings:
        publication = self._runtime.ledger(site).publication(number)
        # The settings are the same under each regime.
        regime, scripts = publication.notice.in_use[0], self._runtime.scripts
        script = script_of(publication, locale, regime)
        if script is None or not script.details:
            script = scripts.script(publication, locale, regime)
        return _encoded(scripts.dialog(script.details))


def _require_get(environ: Environ) -> None:
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        raise MethodNotAllowed("GET, HEAD")


def _locale(environ: Environ, publication: Publication) -> str:
    accepted = environ.get("HTTP_ACCEPT_LANGUAGE")
    lang = query_value(environ, "lang")
    return negotiate(accepted, lang, publication.notice.locales)


def _encoded(plain: bytes) -> Encodings:
    bodies = {
        "identity": plain,
        "gzip": gzip.compress(plain, 9, mtime=0),
        "br": brotli.compress(plain),
    }
    digest = sha256_of(plain)
    return {name: (body, f'"{digest}-{name}"') for name, body in bodies.items()}


def _reply(
    environ: Environ, encodings: Encodings, locale: str, *, vary: str, keep: str
) -> Reply:
    encoding = preferred(environ)
    body, etag = encodings[encoding]
    content = [("Content-Encoding", encoding)] if encoding != "identity" else []
    headers = [
        ("Content-Type", "text/javascript; charset=utf-8"),
        ("Content-Language", locale),
        ("Cache-Control", keep),
        ("Access-Control-Allow-Origin", "*"),
        ("Cross-Origin-Resource-Policy", "cross-origin"),
        NOSNIFF,
        ("ETag", etag),
        ("Vary", vary),
        *content,
    ]
    if etag in environ.get("HTTP_IF_NONE_MATCH", ""):
        return Reply(HTTPStatus.NOT_MODIFIED, headers)
    return Reply(HTTPStatus.OK, headers, body)
