"""The colours and letters that a site gives to its visitors' pages, as a sheet."""

from flask import Blueprint, Response, request

from consent.services import looks, notices
from consent.web.current import runtime

bp = Blueprint("themes", __name__)
_KEPT = "public, max-age=31536000, immutable"


@bp.get("/<site>/theme.css")
def show(site: str) -> Response:
    version = request.args.get("notice", type=int)
    publication = (
        notices.published(runtime(), site, version)
        if version
        else notices.in_force(runtime(), site)
    )
    response = Response(looks.page_style(publication.notice.looks), mimetype="text/css")
    response.headers["Cache-Control"] = _KEPT if version else "no-cache"
    return response
