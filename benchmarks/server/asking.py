"""The requests that are sent, each whole as it goes over the wire."""

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from time import time

import urllib3

from benchmarks.opening import opened
from benchmarks.places import Place
from consent.domain.choices import new_key
from consent.domain.entries import Record
from consent.domain.issuing import numbered_token
from examples.demo.places import SITE, WRITTEN_SHOP

PURPOSE = "analytics"
CHECK = f"/v1/{SITE}/check/{PURPOSE}"
RECORDS = f"/v1/{SITE}/records"
WITHDRAWALS = f"/v1/{SITE}/withdrawals"
SUBJECTS = "/subjects"
HEADERS = {"Origin": WRITTEN_SHOP, "Content-Type": "application/json"}


def get(path: str, headers: Mapping[str, str] | None = None) -> bytes:
    """Return a request without a body."""
    return _head("GET", path, headers or {})


def post(path: str, body: bytes) -> bytes:
    """Return a request that one of the site's pages makes."""
    headers = HEADERS | {"Content-Length": str(len(body))}
    return _head("POST", path, headers) + body


def posted(url: str, body: bytes) -> dict[str, object]:
    """Post a body now; return what is answered, or raise RuntimeError."""
    answer = urllib3.request("POST", url, body=body, headers=HEADERS)
    if answer.status >= 300:
        raise RuntimeError(f"{url} answers {answer.status}: {answer.data!r}")
    told: dict[str, object] = json.loads(answer.data)
    return told


def check(token: str) -> bytes:
    """Return the check of a token."""
    return get(CHECK, {"Consent-Token": token})


def choice() -> bytes:
    """Return the body of a choice of a new visitor of ours."""
    made = {
        "key": new_key(datetime.now(UTC)).hex(),
        "notice": 1,
        "decisions": {"analytics": "granted", "marketing": "refused"},
        "how": "banner",
        "locale": "en",
        "layout": "bottom",
        "secret": secrets.token_hex(16),
    }
    return json.dumps(made).encode()


def withdrawal(token: str) -> bytes:
    """Return the body that takes everything back."""
    key = new_key(datetime.now(UTC)).hex()
    return json.dumps({"token": token, "key": key}).encode()


def peer_choice(user: str | None = None) -> bytes:
    """Return the body of the same choice of a new visitor of c15t's."""
    made = {
        "type": "cookie_banner",
        # They are of base 58, which has no zero.
        "subjectId": f"sub_{secrets.token_hex(16).replace('0', 'z')}",
        "domain": "shop.localhost",
        "preferences": {"necessary": True, "measurement": True, "marketing": False},
        "givenAt": int(time() * 1000),
        **({"externalSubjectId": user} if user else {}),
    }
    return json.dumps(made).encode()


def peer_check(user: str) -> bytes:
    """Return c15t's check whether a user consented."""
    return get(f"/consents/check?externalId={user}&type=cookie_banner")


def tokens(place: Place) -> list[str]:
    """Return the token of each record of a ledger that is in force and granted."""
    runtime = opened(place)
    try:
        state = runtime.follower.state(SITE)
        return [
            runtime.sign(numbered_token(body, state.terms[1]))
            for entry, body in runtime.ledger(SITE).entries()
            if isinstance(body, Record) and not state.status(entry.number)
        ]
    finally:
        runtime.close()


def _head(method: str, path: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()
