"""The banner script over HTTP: in the visitor's language, kept compressed."""

import gzip
import logging
from functools import lru_cache
from http import HTTPStatus

import brotli
from werkzeug.http import parse_accept_header

from consent.errors import MethodNotAllowed
from consent.services import notices
from consent.services.runtime import Runtime
from consent.services.scripts import sha256_of
from consent.web.locale import negotiate
from consent.web.wire import Environ, Reply, query_value

MAX_AGE_SECONDS = 300
_TAG_DIGITS = 16

log = logging.getLogger(__name__)


class Banner:
    """Serves the banner script of each site in each of its languages."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._encoded = lru_cache(maxsize=256)(self._encode)

    def serve(self, environ: Environ, site: str) -> Reply:
        """Answer GET banner.js; raises UnknownSite."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            raise MethodNotAllowed("GET, HEAD")
        publication = notices.in_force(self._runtime, site)
        lang = query_value(environ, "lang")
        accepted = environ.get("HTTP_ACCEPT_LANGUAGE")
        locale = negotiate(accepted, lang, publication.notice.locales)
        encodings = self._encoded(site, publication.number, locale)
        encoding = _encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        body, etag = encodings[encoding]
        headers = _headers(etag, encoding, locale, varies=lang is None)
        if etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            return Reply(HTTPStatus.NOT_MODIFIED, headers)
        return Reply(HTTPStatus.OK, headers, body)

    def _encode(
        self, site: str, _number: int, locale: str
    ) -> dict[str, tuple[bytes, str]]:
        publication = notices.in_force(self._runtime, site)
        scripts = self._runtime.scripts
        plain = scripts.built(scripts.configuration(publication, locale))
        digest = sha256_of(plain)
        published = publication.scripts.get(locale)
        if published is None or published.sha256 != digest:
            log.warning(
                "%s: this release's script is not the one in the ledger, so replays "
                "will not be exact: publish the site file again",
                site,
            )
        bodies = {
            "identity": plain,
            "gzip": gzip.compress(plain, 9, mtime=0),
            "br": brotli.compress(plain),
        }
        return {
            name: (body, f'"{digest[:_TAG_DIGITS]}-{name}"')
            for name, body in bodies.items()
        }


def _encoding(accepted: str) -> str:
    offered = parse_accept_header(accepted)
    return next((name for name in ("br", "gzip") if offered[name] > 0), "identity")


def _headers(
    etag: str, encoding: str, locale: str, *, varies: bool
) -> list[tuple[str, str]]:
    vary = "Accept-Encoding, Accept-Language" if varies else "Accept-Encoding"
    content = [("Content-Encoding", encoding)] if encoding != "identity" else []
    return [
        ("Content-Type", "text/javascript; charset=utf-8"),
        ("Content-Language", locale),
        ("Cache-Control", f"public, max-age={MAX_AGE_SECONDS}"),
        ("Cross-Origin-Resource-Policy", "cross-origin"),
        ("X-Content-Type-Options", "nosniff"),
        ("ETag", etag),
        ("Vary", vary),
        *content,
    ]
