"""The Merkle log for auditors: checkpoint, tiles, entries, keys (C2SP tlog-tiles)."""

from flask import Blueprint, Response

from consent.domain.tiles import tile_at
from consent.errors import NotFound
from consent.services import evidence, keys
from consent.web.current import runtime

bp = Blueprint("ledger", __name__, url_prefix="/v1/<site>/ledger")


@bp.get("/checkpoint")
def checkpoint(site: str) -> Response:
    return _text(evidence.newest_checkpoint(runtime(), site))


@bp.get("/keys")
def verifier_keys(site: str) -> Response:
    lines = keys.verifier_keys(runtime(), site)
    return _text("".join(f"{line}\n" for line in lines))


@bp.get("/tile/<level>/<path:place>")
def tile(site: str, level: str, place: str) -> Response:
    asked = tile_at(level, place)
    if asked is None:
        raise NotFound("there is no such tile")
    return _immutable(evidence.tile(runtime(), site, asked))


@bp.get("/tile/entries/<path:place>")
def entries(site: str, place: str) -> Response:
    asked = tile_at("0", place)
    if asked is None:
        raise NotFound("there is no such tile")
    return _immutable(evidence.bundle(runtime(), site, asked))


def _text(body: str) -> Response:
    response = Response(body, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _immutable(body: bytes) -> Response:
    response = Response(body, content_type="application/octet-stream")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
