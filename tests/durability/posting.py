"""Many visitors at once, each answered or not."""

import json
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from itertools import count

from tests.factories import ORIGIN, body

THREADS = 32
HEADERS = {"Content-Type": "text/plain", "Origin": ORIGIN}
_secrets = count(1)


def grants(how_many):
    """Return bodies of POST records, each with a key and a secret of its own."""
    return [
        body({"analytics": "granted"}, secret=f"{next(_secrets):032x}")
        for _ in range(how_many)
    ]


def post_all(port, bodies, answered=lambda answers: None, at_once=THREADS):
    """Post from so many threads; return the answer, or the failure, of each key.

    `answered` is called after each answer with all there are so far.
    """
    answers, failures = {}, {}

    def post_share(share):
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        for one in share:
            try:
                answers[one["key"]] = _post(connection, one)
            except (OSError, HTTPException) as exc:
                failures[one["key"]] = exc
                connection.close()
            else:
                answered(answers)
        connection.close()

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(post_share, [bodies[n::at_once] for n in range(at_once)]))
    return answers, failures


def _post(connection, sent):
    connection.request("POST", "/v1/shop/records", json.dumps(sent), HEADERS)
    answer = connection.getresponse()
    received = json.loads(answer.read())
    assert answer.status == 201, received
    return received
