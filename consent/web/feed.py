"""What gateways follow over HTTP: state, status lists, changes."""

import hashlib
from http import HTTPStatus

from consent.errors import MethodNotAllowed, NotFound, SnapshotNeeded
from consent.services import feed
from consent.services.runtime import Runtime
from consent.web.wire import Environ, Reply, json_reply, query_value


def state(environ: Environ, runtime: Runtime, site: str) -> Reply:
    """Answer GET state."""
    _require_get(environ)
    return json_reply(HTTPStatus.OK, feed.snapshot(runtime, site))


def changes(environ: Environ, runtime: Runtime, site: str) -> Reply:
    """Answer GET changes?after=; 410 sends the gateway to the state."""
    _require_get(environ)
    after = query_value(environ, "after") or ""
    if not after.removeprefix("-").isascii() or not after.removeprefix("-").isdigit():
        raise SnapshotNeeded("after: expected the number of an entry")
    return json_reply(HTTPStatus.OK, feed.changes(runtime, site, int(after[:20])))


def status_list(environ: Environ, runtime: Runtime, site: str, index: str) -> Reply:
    """Answer GET status/{n}, or 304 to who has it already."""
    _require_get(environ)
    if not index.isascii() or not index.isdigit() or len(index) > 9:
        raise NotFound("there is no such status list")
    body = feed.status_list(runtime, site, int(index))
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = [("ETag", etag), ("Cache-Control", "no-cache")]
    if environ.get("HTTP_IF_NONE_MATCH") == etag:
        return Reply(HTTPStatus.NOT_MODIFIED, headers)
    return Reply(HTTPStatus.OK, [("Content-Type", "application/json"), *headers], body)


def _require_get(environ: Environ) -> None:
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        raise MethodNotAllowed("GET")
