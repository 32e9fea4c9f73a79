"""JSON for programs: the notice, checks in bulk, public keys, health."""

from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice

import msgspec
from flask import Blueprint, Response, request

from consent.domain.checks import Verdict
from consent.domain.entries import Publication
from consent.services import checks, keys, notices
from consent.services.health import faults
from consent.web.answers import Alive, CheckVerdict, PublishedNotice, Readiness
from consent.web.current import api_key, runtime
from consent.web.wire import body_of, is_gpc

bp = Blueprint("api", __name__)
_checks = msgspec.json.Decoder(checks.ChecksRequest)
MAX_CHECKS_BYTES = 6_291_456
"""Ten thousand tokens are larger than any other body."""
_SENT_AT_ONCE = 500


@bp.get("/v1/<site>/notice")
def notice(site: str) -> Response:
    response = _json(_document(notices.in_force(runtime(), site)))
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


@bp.get("/v1/<site>/notice/<int:version>")
def notice_version(site: str, version: int) -> Response:
    response = _json(_document(notices.published(runtime(), site, version)))
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@bp.post("/v1/<site>/checks")
def check(site: str) -> Response:
    asked = body_of(request.environ, _checks, MAX_CHECKS_BYTES)
    gpc = is_gpc(request.environ)
    found = checks.verdicts(runtime(), site, asked, gpc=gpc, key=api_key())
    response = Response(_in_pieces(found), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/.well-known/jwks.json")
def jwks() -> Response:
    response = _json(keys.jwks(runtime()), "application/jwk-set+json")
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


@bp.get("/healthz")
def healthz() -> Response:
    return _json(Alive())


@bp.get("/readyz")
def readyz() -> Response:
    found = faults(runtime())
    status = HTTPStatus.SERVICE_UNAVAILABLE if found else HTTPStatus.OK
    response = _json(Readiness("faulty" if found else "ready", found))
    response.status_code = status
    return response


def _in_pieces(found: Iterator[Verdict]) -> Iterator[bytes]:
    """Yield verdicts as JSON; what breaks off in between is no JSON."""
    told = (CheckVerdict(*verdict) for verdict in found)
    before = b'{"verdicts":['
    while piece := list(islice(told, _SENT_AT_ONCE)):
        yield before + msgspec.json.encode(piece)[1:-1]
        before = b","
    yield b"]}" if before == b"," else b'{"verdicts":[]}'


def _document(publication: Publication) -> PublishedNotice:
    return PublishedNotice(
        version=publication.version,
        digest=publication.digest,
        published_at=publication.public_since.at,
        number=publication.public_since.number,
        since={
            purpose.id: publication.purposes[purpose.id].since
            for purpose in publication.notice.purposes
        },
        notice=publication.notice,
    )


def _json(value: object, mimetype: str = "application/json") -> Response:
    return Response(msgspec.json.encode(value), mimetype=mimetype)
