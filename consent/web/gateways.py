"""What gateways report of their work."""

from http import HTTPStatus

import msgspec
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from consent.domain.reports import Report
from consent.services import gateways
from consent.web.current import api_key, runtime
from consent.web.wire import body_of

bp = Blueprint("gateways", __name__)
_report = msgspec.json.Decoder(Report)


@bp.post("/v1/<site>/gateways/<gateway>")
def report(site: str, gateway: str) -> ResponseReturnValue:
    told = body_of(request.environ, _report)
    gateways.hear(runtime(), site, gateway, told, api_key())
    return "", HTTPStatus.NO_CONTENT
