"""Ask the consent service whether an event may fire."""

from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Annotated
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import Meta

from examples.demo.places import SITE

Word = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
TokenText = Annotated[str, Meta(pattern=r"^[!-~]{1,4000}$")]

TIMEOUT_SECONDS = 2
ALLOWED, DENIED = 200, 403


class Posted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a tag posts."""

    event: Word
    purpose: Word
    token: TokenText | None = None


@dataclass(frozen=True)
class Verdict:
    """The service's answer: whether an event may fire, and why."""

    fired: bool
    reason: str


UNREACHABLE = Verdict(fired=False, reason="unreachable")


def ask(service_url: str, posted: Posted, gpc: str | None) -> Verdict:
    """Ask the service whether an event may fire; no answer means no."""
    parts = urlsplit(service_url)
    path = f"{parts.path.rstrip('/')}/v1/{SITE}/check/{quote(posted.purpose)}"
    headers = {"Consent-Token": posted.token, "Sec-GPC": gpc}
    connection = HTTPConnection(parts.netloc, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", path, headers={k: v for k, v in headers.items() if v})
        answer = connection.getresponse()
    except (OSError, HTTPException):
        return UNREACHABLE
    finally:
        connection.close()
    reason = answer.headers.get("Consent-Verdict")
    # Whatever else answers at that address is not the service.
    if reason is None or answer.status not in {ALLOWED, DENIED}:
        return UNREACHABLE
    return Verdict(fired=answer.status == ALLOWED, reason=reason)
