"""The example of a queue's consumer: what was withdrawn meanwhile is not sent on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from examples.consumer import Collector, Consumer, Queue
from tests.factories import SITE
from tests.gateway.following import eventually
from tests.receiving import receiving
from tests.web.asking import record, withdraw

ROOT = Path(__file__).parents[2]


@pytest.fixture
def collector():
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def run(tmp_path):
    """Return what runs the example as its first lines say, on a queue of its own."""

    def run(*arguments, **options):
        command = [sys.executable, "-m", "examples.consumer", tmp_path / "queue"]
        return subprocess.run(
            [*command, *arguments],
            cwd=ROOT,
            check=True,
            text=True,
            stdout=subprocess.PIPE,
            timeout=60,
            **options,
        ).stdout

    return run


def test_an_event_that_waited_is_not_sent_once_its_visitor_withdrew(
    client, address, gateway, collector, run, tmp_path
):
    keeps, leaves = (
        record(client, {"analytics": "granted"}, secret=secret * 32)["token"]
        for secret in "ab"
    )
    events = [
        {"n": 1, "consent_token": keeps},
        {"n": 2, "consent_token": leaves},
        {"n": 3},
    ]
    run("add", input="\n".join(map(json.dumps, events)))

    withdraw(client, leaves)
    eventually(lambda: gateway.decide(leaves, "analytics").reason, "withdrawn")
    counts = run("send", address, SITE, "analytics", collector.address)

    assert collector.messages() == [[{"n": 1}]]
    assert json.loads(counts) == {"granted": 1, "withdrawn": 1, "missing": 1}
    left = (tmp_path / "queue").read_bytes()
    assert keeps.encode() not in left
    assert leaves.encode() not in left


@pytest.mark.parametrize("line", ["{", "7", '"text"', "", "[" * 100_000])
def test_a_bad_line_is_named_and_nothing_is_added(run, tmp_path, line):
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run("add", input=f'{{"n": 1}}\n{line}\n', stderr=subprocess.PIPE)

    told = "line 2: expected a JSON object; nothing was added\n"
    assert failed.value.stderr == told
    assert not Queue(tmp_path / "queue").oldest()


def test_what_nobody_can_tell_or_take_waits(
    client, make_gateway, between, collector, tmp_path
):
    token = record(client, {"analytics": "granted"})["token"]
    between.spoil = lambda path, answer: None
    gateway, queue = make_gateway(), Queue(tmp_path / "queue")
    queue.add([{"n": 1, "consent_token": token}])
    where = Collector(collector.address)
    consumer = Consumer(queue, gateway, where, "analytics")

    assert not consumer.dispatch(queue.oldest())
    assert not collector.got
    between.spoil = lambda path, answer: answer
    assert gateway.wait(10)
    collector.statuses = [503, 204]
    assert not consumer.dispatch(queue.oldest())
    assert consumer.dispatch(queue.oldest())

    assert collector.messages() == [[{"n": 1}]] * 2
    assert not queue.oldest()
