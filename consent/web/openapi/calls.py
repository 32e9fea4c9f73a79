"""The shapes that calls come in."""

from http import HTTPStatus
from typing import Any

from consent.services.subjects import SubjectRequest
from consent.web import wire
from consent.web.answers import Recorded
from consent.web.openapi import parts
from consent.web.openapi.operation import Answer, Operation

Document = dict[str, Any]
JSON_LD = (wire.JSON_LD,)
KEY = "65f0c0de" * 4
"""An idempotency key, as an example."""


def get(path: str, summary: str, *answers: Answer, **more: Any) -> Operation:
    """Return a call that only reads, of a site unless its errors say otherwise."""
    said = {"errors": parts.SITE} | more
    return Operation(method="get", path=path, summary=summary, answers=answers, **said)


def post(act: str, summary: str, answer: Answer, **more: Any) -> Operation:
    """Return what a site's own pages post, unless its headers say otherwise."""
    said = {"errors": parts.WRITTEN, "headers": (parts.ORIGIN,)} | more
    path, answers = f"/v1/{{site}}/{act}", (answer,)
    return Operation(method="post", path=path, summary=summary, answers=answers, **said)


def ask(act: str, summary: str, answer: Answer) -> Operation:
    """Return what whoever holds a secret may have."""
    example = {"secret": parts.SECRET_EXAMPLE}
    said = {"errors": parts.OWN, "body": SubjectRequest, "example": example}
    return post(act, summary, answer, **said)


def recorded(status: HTTPStatus) -> Answer:
    """Return what an act is answered by."""
    return Answer("What stands now, and its token.", Recorded, status)


def text(about: str) -> Answer:
    """Return an answer that is plain text."""
    return Answer(about, str, media_types=("text/plain",))


def octets(about: str) -> Answer:
    """Return an answer that is bytes."""
    return Answer(about, Any, media_types=("application/octet-stream",))


def part(about: str) -> Answer:
    """Return an answer that is a part of a page."""
    return Answer(about, str, media_types=("text/html",))
