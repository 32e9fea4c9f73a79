"""The banner script: built once, configured per site and language, kept compressed."""

import gzip
import hashlib
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

import brotli
import msgspec
from babel import Locale
from werkzeug.http import parse_accept_header

from consent.domain.entries import Publication
from consent.errors import MethodNotAllowed, UnknownSite
from consent.services.runtime import Runtime
from consent.web.locale import gettext_for, negotiate, ngettext_for
from consent.web.wire import Environ, Reply, query_value

PLACEHOLDER = '"__CONSENT_CONFIG__"'
MAX_AGE_SECONDS = 300
COOKIE_DAYS = 400


class Scripts:
    """Serves the banner script of each site in each of its languages."""

    def __init__(self, runtime: Runtime, dist: Path) -> None:
        self._runtime = runtime
        self._source = (dist / "banner.js").read_text(encoding="utf-8")
        if self._source.count(PLACEHOLDER) != 1:
            raise ValueError("the built banner has no place for its configuration")
        self._dialog = _hash((dist / "dialog.js").read_bytes())
        self._encoded = lru_cache(maxsize=256)(self._encode)

    def serve(self, environ: Environ, site: str) -> Reply:
        """Answer GET banner.js; raises UnknownSite."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            raise MethodNotAllowed("GET, HEAD")
        publication = self._runtime.follower.state(site).publication
        if publication is None:
            raise UnknownSite(site)
        lang = query_value(environ, "lang")
        accepted = environ.get("HTTP_ACCEPT_LANGUAGE")
        locale = negotiate(accepted, lang, publication.notice.locales)
        encodings = self._encoded(site, publication.version, locale)
        encoding = _encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        body, etag = encodings[encoding]
        headers = _headers(etag, encoding, locale, varies=lang is None)
        if etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            return Reply(HTTPStatus.NOT_MODIFIED, headers)
        return Reply(HTTPStatus.OK, headers, body)

    def _encode(
        self, site: str, _version: int, locale: str
    ) -> dict[str, tuple[bytes, str]]:
        publication = self._runtime.follower.state(site).publication
        if publication is None:
            raise UnknownSite(site)
        config = _script_json(configuration(publication, locale, self._dialog))
        plain = self._source.replace(PLACEHOLDER, config).encode()
        bodies = {
            "identity": plain,
            "gzip": gzip.compress(plain, 9, mtime=0),
            "br": brotli.compress(plain),
        }
        return {
            name: (body, f'"{_hash(plain)}-{name}"') for name, body in bodies.items()
        }


def configuration(publication: Publication, locale: str, dialog: str) -> dict[str, Any]:
    """Return what the script needs to know: notice, texts and addresses."""
    notice = publication.notice
    return {
        "site": notice.site,
        "notice": publication.version,
        "locale": locale,
        "dir": Locale.parse(locale, sep="-").text_direction,
        "regime": notice.regime,
        "cookie": {"domain": notice.cookie_domain, "days": COOKIE_DAYS},
        "purposes": [
            {
                "id": purpose.id,
                "bit": publication.purposes[purpose.id].bit,
                "since": publication.purposes[purpose.id].since,
                "basis": purpose.basis,
                "sells": purpose.sells,
                "title": purpose.title[locale],
                "description": purpose.description[locale],
                "vendors": [vendor.id for vendor in notice.vendors_of(purpose.id)],
            }
            for purpose in notice.purposes
        ],
        "vendors": [
            {
                "id": vendor.id,
                "number": publication.vendors[vendor.id],
                "name": vendor.name,
            }
            for vendor in notice.vendors
        ],
        "dialog": f"/static/dialog.js?v={dialog}",
        "texts": _texts(publication, locale),
        "privacy": notice.privacy_policy,
    }


def _texts(publication: Publication, locale: str) -> dict[str, str]:
    notice = publication.notice
    _, ngettext = gettext_for(locale), ngettext_for(locale)
    count = len(notice.vendors)
    own = notice.texts
    heading = own.heading[locale] if own else _("Your choice about cookies")
    intro = own.intro[locale] if own else _standard_intro(publication, locale)
    vendors = ngettext("%(num)s service in all", "%(num)s services in all", count)
    return {
        "label": _("Cookie choices"),
        "heading": heading,
        "intro": intro,
        "vendors": vendors % {"num": count},
        "accept": _("Accept all"),
        "reject": _("Reject all"),
        "settings": _("Settings"),
        "save": _("Save choice"),
        "close": _("Close"),
        "preferences": _("Details and all services"),
        "privacy": _("Privacy policy"),
        "reopen": _("Cookie choices"),
        "always": _("Always on"),
        "unsent": _(
            "Your choice is kept and will be sent when the connection is back."
        ),
        "title": _("Cookie settings"),
        "granted": _("Allowed"),
        "refused": _("Not allowed"),
    }


def _standard_intro(publication: Publication, locale: str) -> str:
    _ = gettext_for(locale)
    text = _(
        "%(controller)s asks before using cookies and similar tools that are not "
        "strictly necessary. You can change your mind or withdraw at any time, as "
        "easily as you choose now."
    )
    return text % {"controller": publication.notice.controller.name}


def _script_json(value: object) -> str:
    """Return JSON that is safe inside a script, whoever wrote the texts."""
    text = msgspec.json.encode(value).decode()
    for character in "<\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


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


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
