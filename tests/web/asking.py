"""What the tests of the contract ask, and how they read the answers."""

import json

from tests.factories import ORIGIN, SITE, body, fresh_key


def post(client, act, sent, *, origin=ORIGIN, site=SITE, **headers):
    """Post JSON as the banner does: as text, so that no preflight is needed."""
    data = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    named = {"Origin": origin} if origin else {}
    return client.post(
        f"/v1/{site}/{act}",
        data=data,
        content_type="text/plain",
        headers=named | headers,
    )


def record(client, made, **changes):
    """Record a choice; return what the browser is told."""
    answer = post(client, "records", body(made, **changes))
    assert answer.status_code == 201, answer.text
    return answer.json


def withdraw(client, token, *purposes):
    """Withdraw with a token; return the answer."""
    sent = {"token": token, "key": fresh_key()}
    return post(
        client, "withdrawals", sent | ({"purposes": purposes} if purposes else {})
    )


def verdict(client, purpose, token=None, **headers):
    """Return status and reason of a check."""
    shown = {"Consent-Token": token} if token is not None else {}
    answer = client.get(f"/v1/{SITE}/check/{purpose}", headers=shown | headers)
    assert not answer.data
    return answer.status_code, answer.headers["Consent-Verdict"]


def assert_problem(answer, status, code):
    """Assert that an answer is the problem document of an error."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.json["type"] == f"urn:consent:{code}"
    assert answer.json["status"] == status
    assert answer.json["detail"]


def size(runtime, site=SITE):
    """Return how many entries a ledger has."""
    runtime.follower.poll()
    return runtime.follower.state(site).size
