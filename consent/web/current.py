"""The running parts behind the request at hand."""

from flask import Flask, current_app, request

from consent.services.runtime import Runtime


def attach(app: Flask, runtime: Runtime) -> None:
    """Let this app's views work with these parts."""
    app.extensions["consent"] = runtime


def runtime() -> Runtime:
    """Return the parts of the app that answers."""
    parts = current_app.extensions["consent"]
    if not isinstance(parts, Runtime):
        raise TypeError("the app was not made by create_app")
    return parts


def api_key() -> str | None:
    """Return the API key that the request shows, whether it is one or not."""
    shown = request.authorization
    return shown.token if shown and shown.type == "bearer" else None
