"""What only a real server meets: bodies of unknown size, and the end of a process."""

import json
import time
from dataclasses import replace
from http.client import HTTPConnection, HTTPException

import pytest

from tests.factories import ORIGIN, body

HEADERS = {"Origin": ORIGIN, "Content-Type": "text/plain"}


@pytest.fixture
def service(published):
    with published.serving():
        yield published


def post_in_pieces(service, sent):
    """Post a body without its length; return the answer's status and its document."""
    pieces = (sent[at : at + 5_000].encode() for at in range(0, len(sent), 5_000))
    connection = HTTPConnection("127.0.0.1", service.port, timeout=30)
    connection.request("POST", "/v1/shop/records", pieces, HEADERS, encode_chunked=True)
    answer = connection.getresponse()
    document = json.loads(answer.read())
    connection.close()
    return answer.status, document


def test_a_body_in_pieces_is_read_to_its_end_and_no_further_than_allowed(service):
    sent = json.dumps(body({"analytics": "granted"}))
    within, beyond = (sent.ljust(size) for size in (65_536, 65_537))

    refused = post_in_pieces(service, beyond)
    recorded = post_in_pieces(service, within)

    assert (refused[0], refused[1]["type"]) == (413, "urn:consent:body_too_large")
    assert (recorded[0], recorded[1]["number"]) == (201, 1)


def test_workers_end_with_the_process_that_started_them(published):
    """Whoever starts the service again needs its place."""
    service = replace(published, workers=2)
    with service.serving() as process:
        process.kill()
        process.wait()
        deadline = time.monotonic() + 20
        while is_served(service):
            assert time.monotonic() < deadline, "somebody still serves"
            time.sleep(0.1)

        with service.serving():
            assert service.ask("GET", "/healthz")[0] == 200


def is_served(service):
    """Tell whether anybody listens, be it to answer nothing."""
    try:
        service.ask("GET", "/healthz")
    except (OSError, HTTPException) as exc:
        return not isinstance(exc, ConnectionRefusedError)
    return True
