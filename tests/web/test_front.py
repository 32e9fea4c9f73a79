"""What only the real server meets: headers of odd bytes, and bodies that never end."""

import json
import socket
from contextlib import ExitStack
from secrets import token_hex

import pytest

from tests.factories import ORIGIN, body

TRICKLING = 100
"""More than there are threads behind the loop."""


@pytest.fixture
def service(published):
    with published.serving():
        yield published


@pytest.fixture
def token(service):
    """Return a function that records a decision and returns its token."""

    def recorded(decision):
        sent = body({"analytics": decision}, secret=token_hex(16))
        answer = service.ask("POST", "/v1/shop/records", sent, {"Origin": ORIGIN})
        return json.loads(answer[2])["token"]

    return recorded


def check(service, *lines, target="/v1/shop/check/analytics"):
    """Ask with header lines as they are; return the status and the verdict."""
    head = [f"GET {target} HTTP/1.1", "Host: x", "Connection: close", *lines]
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as asked:
        asked.sendall("\r\n".join([*head, "", ""]).encode())
        told = b"".join(iter(lambda: asked.recv(4096), b"")).decode()
    _, _, verdict = told.partition("consent-verdict: ")
    return int(told.split(" ")[1]), verdict.partition("\r\n")[0]


def test_each_line_of_a_header_counts_whatever_stands_beside_it(service, token):
    yes, no = token("granted"), token("refused")
    jar = f"Cookie: consent_shop={yes}"

    for lines, expected in [
        ((f"Cookie: name=José; consent_shop={yes}",), (200, "granted")),
        ((f"Cookie: name=José; consent_shop={no}",), (403, "refused")),
        ((jar, f"Cookie: consent_shop={no}"), (403, "refused")),
        ((f"Cookie: name=José, a=b, consent_shop={no}",), (403, "refused")),
        ((f"Consent-Token: {no}é", jar), (403, "invalid")),
        ((f"Consent-Token: {yes}", f"Consent-Token: {no}"), (403, "refused")),
        ((f"Consent-Token: {no}", f"Consent_Token: {yes}"), (403, "refused")),
        ((f"Consent_Token: {yes}",), (403, "missing")),
    ]:
        assert check(service, *lines) == expected, lines


def test_odd_bytes_in_an_address_are_no_fault(service, token):
    yes = f"Consent-Token: {token('granted')}"

    assert check(service, yes, target="/v1/shop/check/analytics?a=é")[0] in {200, 400}
    assert check(service, yes, target="/v1/shop/check/é")[0] in {403, 400}
    assert check(service, yes, target="/shop/preferences?a=é")[0] in {200, 400}


def test_bodies_that_never_end_keep_nobody_else_waiting(service, token):
    """Neither a check nor a no waits for a thread that somebody else can hold."""
    yes = token("granted")
    head = ["POST /v1/shop/checks HTTP/1.1", "Host: x", "Content-Length: 9"]
    asking = "\r\n".join([*head, "Content-Type: text/plain", "", "["]).encode()
    with ExitStack() as held:
        for _ in range(TRICKLING):
            place = "127.0.0.1", service.port
            one = held.enter_context(socket.create_connection(place, timeout=10))
            one.sendall(asking)

        assert check(service, f"Consent-Token: {yes}") == (200, "granted")
        assert token("refused")
