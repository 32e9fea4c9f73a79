"""What other tools are told of a verdict, or not sent at all."""

import json
from copy import deepcopy
from functools import partial
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consent.domain.checks import Verdict
from consent.domain.vocabulary import Reason
from consent.gateway import adapters
from tests.gateway.following import eventually
from tests.web.asking import record, withdraw

FILE = Path(__file__).parents[1] / "vectors/adapters.json"
TABLE = json.loads(FILE.read_text("utf-8"))
VERDICTS = {
    name: {
        purpose: Verdict(one["allowed"], Reason(one["reason"]))
        for purpose, one in verdicts.items()
    }
    for name, verdicts in TABLE["verdicts"].items()
}
ARGUMENTS = ("event", "verdicts", "purpose", "signals")
GATING = [name for name in adapters.__all__ if name.startswith("for_")]
WITH_SIGNALS = ("for_google", "for_rudderstack", "for_segment")


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["name"])
def test_a_tool_is_told_as_the_vector_says(case):
    given_ = {**case, "verdicts": VERDICTS[case["verdicts"]]}
    before = deepcopy(given_)

    arguments = [given_[name] for name in ARGUMENTS if name in given_]
    told = getattr(adapters, case["adapter"])(*arguments, **case.get("options", {}))

    assert told == case["expected"]
    assert given_ == before


@pytest.mark.parametrize("adapter", GATING)
@pytest.mark.parametrize("reason", Reason)
def test_no_tool_is_sent_what_is_denied(adapter, reason):
    verdicts = {"analytics": Verdict(False, reason)}
    signals = [{"C1": "analytics"}] if adapter in WITH_SIGNALS else []

    assert getattr(adapters, adapter)({}, verdicts, "analytics", *signals) is None


@example("[" * 100_000)
@given(st.text() | st.recursive(st.none() | st.text(), st.lists).map(json.dumps))
def test_whatever_an_event_brings_along_snowplow_can_read_what_is_sent(text):
    event = {"e": "pv", "co": text, "cx": text}

    told = adapters.for_snowplow(event, VERDICTS["all"], "analytics")

    (entity,) = json.loads(told["co"])["data"]
    assert entity["data"] == {"basisForProcessing": "consent"}


def test_an_event_is_told_what_a_gateway_decides_until_it_is_withdrawn(client, gateway):
    token = record(client, {"analytics": "granted", "marketing": "refused"})["token"]
    purposes = ["analytics", "marketing", "telepathy"]

    def told():
        verdicts = adapters.verdicts_of(partial(gateway.decide, token), purposes)
        signals = dict(zip(("C1", "C2", "C3"), purposes, strict=True))
        return adapters.for_segment({"userId": "u"}, verdicts, "analytics", signals)

    preferences = {"C1": True, "C2": False, "C3": False}
    consent = {"categoryPreferences": preferences}
    eventually(told, {"userId": "u", "context": {"consent": consent}})
    withdraw(client, token)
    eventually(told, None)
