"""Security headers of everything that Flask answers."""

from flask import Flask, Response, request

from consent.web.current import runtime

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_FEATURES = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
_PAGE = {
    "Content-Security-Policy": "; ".join(f"{k} {v}" for k, v in _POLICY.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _FEATURES),
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
# The banner loads its dialog from the pages of other origins.
_STATIC = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_TWO_YEARS = "max-age=63072000"


def init_app(app: Flask) -> None:
    """Add the headers to every answer."""
    # What others may cache (notices, scripts) must never renew a session cookie.
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.after_request(_secure)


def _secure(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    if request.endpoint == "static":
        response.headers.update(_STATIC)
    elif response.mimetype == "text/html":
        response.headers.update(_PAGE)
    # What nobody said may be kept, nobody keeps: an error least of all.
    response.headers.setdefault("Cache-Control", "no-store")
    if runtime().settings.https:
        response.headers["Strict-Transport-Security"] = _TWO_YEARS
    return response
