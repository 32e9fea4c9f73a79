"""Smaller answers for whoever takes them compressed: pages, styles, scripts, JSON.

Compressing a page tells a listener how well its parts resemble each other, so what
somebody else can put into it (an address's own words) may spell out what must stay
secret (BREACH). Nothing here can be spelt out: no page shows the visitor's secret,
the token of a form is signed anew each second, the pass of a hand-over and the keys
of forms are random each time, and other sites' pages cannot ask in the visitor's name
at all, since the session's cookie is SameSite=Lax.
"""

from flask import Flask
from flask_compress import Compress


def init_app(app: Flask) -> None:
    """Compress what Flask answers; the lane does so itself."""
    app.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["br"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_MIMETYPES=[
            "text/html",
            "text/css",
            "text/javascript",
            "application/json",
        ],
    )
    Compress(app)
