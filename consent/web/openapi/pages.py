"""The description of the API, and a page that lets one read it and try it."""

import msgspec
from flask import Blueprint, Response, make_response, render_template

from consent.web.current import runtime
from consent.web.headers import refuse_markup_from_scripts
from consent.web.openapi.document import document

bp = Blueprint("openapi", __name__)


@bp.get("/openapi.json")
def show() -> Response:
    told = msgspec.json.encode(document(runtime().settings.address))
    response = Response(told, mimetype="application/json")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@bp.get("/docs")
def page() -> Response:
    told = document(runtime().settings.address)
    response = make_response(
        render_template("openapi/page.html", lang="en", dir="ltr", api=told)
    )
    refuse_markup_from_scripts(response)
    return response
