"""Content encodings of what the hot lane answers."""

import gzip
from functools import partial

import brotli
from werkzeug.http import parse_accept_header

from consent.web.wire import Environ, Reply

WORTHWHILE_BYTES = 1_000
# The least effort: what is zlib already gains no more by any other, and each answer
# is made for one gateway.
_ENCODERS = {
    "br": partial(brotli.compress, quality=1),
    "gzip": partial(gzip.compress, compresslevel=1, mtime=0),
}


def preferred(environ: Environ) -> str:
    """Return the encoding that whoever asks likes best of ours."""
    offered = parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING", ""))
    return next((name for name in _ENCODERS if offered[name] > 0), "identity")


def encoded(environ: Environ, reply: Reply) -> Reply:
    """Return a reply with its body encoded, if that is accepted and worth it."""
    headers = [*reply.headers, ("Vary", "Accept-Encoding")]
    # Most polls tell of little: what is accepted is then not even read.
    is_short = len(reply.body) < WORTHWHILE_BYTES
    encoding = "identity" if is_short else preferred(environ)
    if encoding not in _ENCODERS:
        return Reply(reply.status, headers, reply.body)
    headers.append(("Content-Encoding", encoding))
    return Reply(reply.status, headers, _ENCODERS[encoding](reply.body))
