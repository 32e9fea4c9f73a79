"""The demonstration, as `make demo` starts it."""

import json
import os
import re
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.factories import body
from tests.store.concurrency import eventually

ROOT = Path(__file__).parents[2]
HOSTS = {"service": "consent", "shop": "shop", "gateway": "gateway"}
START_SECONDS = 60


@pytest.fixture
def ports(free_ports):
    return dict(zip(HOSTS, free_ports(3), strict=True))


@pytest.fixture
def demo(tmp_path, ports):
    """Start the demonstration; yield its process and what its terminal shows."""
    terminal = tmp_path / "terminal"
    settings = {f"DEMO_{name.upper()}_PORT": str(port) for name, port in ports.items()}
    settings |= {"DEMO_FOLDER": str(tmp_path / "demo"), "COLUMNS": "200"}
    with terminal.open("w") as shown:
        process = subprocess.Popen(
            [sys.executable, "-m", "examples.demo"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"]} | settings,
            stdout=shown,
            stderr=subprocess.STDOUT,
        )
    yield process, terminal.read_text
    process.send_signal(signal.SIGTERM)
    process.wait(30)


def post(port, path, sent, origin):
    """Post as a page does; return what the answer says."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Origin": origin, "Content-Type": "text/plain"}
    connection.request("POST", path, json.dumps(sent), headers)
    said = json.loads(connection.getresponse().read())
    connection.close()
    return said


def is_answered(port):
    """Tell whether anybody listens."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.connect()
    except ConnectionRefusedError:
        return False
    connection.close()
    return True


def test_it_tells_where_it_is_what_fired_and_what_was_held_and_ends_as_one(demo, ports):
    process, shown = demo
    origin = f"http://shop.localhost:{ports['shop']}"
    assert eventually(lambda: "Ctrl-C ends all three" in shown(), START_SECONDS), (
        shown()
    )
    told = post(
        ports["service"],
        "/v1/hummingbytes/records",
        body({"analytics": "granted", "marketing": "refused"}),
        origin,
    )

    for purpose in ("analytics", "marketing"):
        sent = {"event": "seen", "purpose": purpose, "token": told["token"]}
        post(ports["gateway"], "/collect", sent, origin)
    assert eventually(lambda: "seen for marketing" in shown()), shown()
    process.send_signal(signal.SIGINT)

    assert process.wait(30) == 0, shown()
    for name, host in HOSTS.items():
        assert f"http://{host}.localhost:{ports[name]}" in shown()
    assert re.search(r"FIRED +seen for analytics +granted", shown())
    assert re.search(r"HELD +seen for marketing +refused", shown())
    assert not any(map(is_answered, ports.values()))
