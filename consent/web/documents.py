"""Cookie and privacy policy for the site's own pages: as JSON, and as a part of HTML.

Whoever asks gets the same, in their language: no session, no form, no script.
"""

from typing import Any

import msgspec
from flask import Blueprint, Response, render_template, request

from consent.domain.cookie_lists import lines
from consent.domain.entries import Publication
from consent.domain.notices import Purpose, Vendor
from consent.services import markdown, notices, policies
from consent.services.editions import Edition
from consent.web import locale
from consent.web.answers import (
    CookiePolicy,
    PolicyCookie,
    PolicyPurpose,
    PolicyVendor,
    PolicyVersion,
    PrivacyPolicy,
)
from consent.web.current import runtime

bp = Blueprint("documents", __name__, url_prefix="/v1/<site>")
MAX_AGE_SECONDS = 300


@bp.get("/cookies")
def cookies(site: str) -> Response:
    publication = _spoken(site)
    notice = publication.notice
    return _json(
        CookiePolicy(
            site=site,
            version=publication.version,
            published_at=publication.public_since.at,
            locale=locale.current(),
            page=_address(site, "cookies"),
            preferences=_address(site, "preferences"),
            purposes=[_purpose(publication, one) for one in notice.purposes],
            vendors=[_vendor(one) for one in notice.vendors],
        )
    )


@bp.get("/cookies.html")
def cookies_part(site: str) -> Response:
    publication = _spoken(site)
    notice, lang = publication.notice, locale.current()
    lists = [(one, lines(notice, one, lang)) for one in notice.purposes]
    return _part(
        "documents/cookies.html",
        notice=notice,
        lists=lists,
        preferences=_address(site, "preferences"),
    )


@bp.get("/privacy")
def privacy(site: str) -> Response:
    shown = _edition(site)
    text, spoken = policies.text(shown, locale.current())
    return _json(
        PrivacyPolicy(
            site=site,
            version=shown.version,
            updated=shown.policy.updated,
            published_at=shown.public_since.at,
            locale=spoken,
            page=_address(site, "privacy"),
            markdown=text,
            html=markdown.html(text, _address(site, "privacy")),
            versions=_versions(site),
        )
    )


@bp.get("/privacy.html")
def privacy_part(site: str) -> Response:
    shown = _edition(site)
    text, spoken = policies.text(shown, locale.current())
    page = _address(site, "privacy")
    return _part(
        "documents/privacy.html",
        shown=shown,
        page=page,
        html=markdown.html(text, page),
        spoken=spoken,
    )


def _spoken(site: str) -> Publication:
    """Return the notice in force, and choose one of its languages."""
    publication = notices.in_force(runtime(), site)
    locale.speak(publication.notice.locales)
    return publication


def _edition(site: str) -> Edition:
    _spoken(site)
    return policies.edition(runtime(), site)


def _versions(site: str) -> list[PolicyVersion]:
    return [
        PolicyVersion(one.version, one.policy.updated, one.public_since.at)
        for one in policies.editions(runtime(), site)
    ]


def _purpose(publication: Publication, purpose: Purpose) -> PolicyPurpose:
    lang = locale.current()
    return PolicyPurpose(
        id=purpose.id,
        basis=purpose.basis,
        title=purpose.title[lang],
        description=purpose.description[lang],
        law=purpose.law[lang],
        cookies=[
            PolicyCookie(
                name=cookie.name,
                vendor=vendor.id,
                provider=vendor.name,
                description=cookie.description[lang],
                lifetime=cookie.lifetime,
                lifetime_in_words=locale.lifetime(cookie.lifetime),
                type=cookie.type,
                party=cookie.party,
            )
            for cookie, vendor in lines(publication.notice, purpose, lang)
        ],
    )


def _vendor(vendor: Vendor) -> PolicyVendor:
    lang = locale.current()
    return PolicyVendor(
        id=vendor.id,
        name=vendor.name,
        purposes=vendor.purposes,
        role=vendor.role[lang],
        country=vendor.country,
        safeguards=vendor.safeguards[lang] if vendor.safeguards else None,
        policy=vendor.policy,
        hosts=vendor.hosts,
    )


def _address(site: str, page: str) -> str:
    # Never from the request: caches hand these on to others.
    return f"{runtime().settings.address}/{site}/{page}"


def _json(document: CookiePolicy | PrivacyPolicy) -> Response:
    return _public(Response(msgspec.json.encode(document), mimetype="application/json"))


def _part(template: str, **context: Any) -> Response:
    return _public(Response(render_template(template, **context)))


def _public(response: Response) -> Response:
    """Let pages of any origin read what everybody may know, and caches keep it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE_SECONDS}"
    response.headers["Content-Language"] = locale.current()
    if "lang" not in request.args:
        response.vary.add("Accept-Language")
    response.add_etag()
    response.make_conditional(request)
    return response
