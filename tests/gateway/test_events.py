"""Tokens inside events: taken out, and checked when the event is sent on."""

import json
from pathlib import Path

import pytest

from consent.domain.vocabulary import Reason
from consent.gateway.events import Shown, judged, shown_in, stamped, taken
from tests.factories import SITE
from tests.gateway.following import eventually
from tests.web.asking import record, withdraw

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors/events.json").read_text("utf-8")
)
REQUEST = Shown(("request",), gpc=True)


def named(cases):
    return pytest.mark.parametrize("case", cases, ids=[case["name"] for case in cases])


@named(VECTORS["requests"])
def test_a_request_shows_its_tokens(case):
    shown = shown_in(case["headers"], SITE)

    assert shown == (tuple(case["tokens"]), case["gpc"])


@named(VECTORS["events"])
def test_an_event_is_rid_of_what_it_is_checked_by(case):
    wanted = ((tuple(case["tokens"]), case["gpc"]), {"name": "view"})

    assert taken(case["event"], REQUEST) == wanted
    assert taken(stamped(case["event"], REQUEST)) == wanted


def test_each_event_of_a_batch_is_checked_by_its_own_token_when_it_is_sent(
    client, gateway
):
    keeps, leaves = (
        record(client, {"marketing": "granted"}, secret=secret * 32)["token"]
        for secret in "ab"
    )
    batch = [
        {"n": 1, "consent_token": keeps},
        {"n": 2, "consent_token": leaves},
        {"n": 3, "consent_token": keeps, "consent_gpc": True},
        {"n": 4},
    ]

    def reasons():
        found = judged(gateway, batch, "marketing")
        assert [event for event, _ in found] == [{"n": n} for n in (1, 2, 3, 4)]
        return [verdict.reason for _, verdict in found]

    others = [Reason.SIGNAL, Reason.MISSING]
    eventually(reasons, [Reason.GRANTED, Reason.GRANTED, *others])
    withdraw(client, leaves)
    eventually(reasons, [Reason.GRANTED, Reason.WITHDRAWN, *others])


def test_what_is_no_token_does_not_read_as_never_asked(gateway):
    """Where only an objection stops, an event without a token passes."""
    events = [{}, *({"consent_token": token} for token in ("", 7, {}, [None]))]

    reasons = [verdict.reason for _, verdict in judged(gateway, events, "audience")]

    assert reasons == [Reason.UNCONTESTED, *[Reason.INVALID] * 4]
