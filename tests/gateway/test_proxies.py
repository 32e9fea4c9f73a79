"""Real proxies in front of what collects events, configured as in examples/."""

import time
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml

from tests.factories import ORIGIN, body, fresh_key
from tests.gateway.following import eventually
from tests.proxies import running

EXAMPLES = Path(__file__).parents[2] / "examples" / "gateways"
COMMANDS = {
    "nginx": ["-p", ".", "-c", "nginx.conf"],
    "caddy": ["run", "--config", "Caddyfile"],
    "haproxy": ["-f", "haproxy.cfg"],
}
GRANT = {"analytics": "granted"}


@pytest.fixture
def service(published):
    with published.serving():
        yield published


@pytest.fixture
def collector(free_ports):
    """Collect events; return where, and the list of them."""
    events = []

    class Collect(BaseHTTPRequestHandler):
        def do_POST(self):
            size = int(self.headers["Content-Length"])
            self.take(self.rfile.read(size).decode())

        def do_GET(self):
            self.take(self.path)

        def take(self, event):
            events.append(event)
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *said):
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collect)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port, events
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def start(tmp_path, published, collector, free_ports):
    """Return a function that starts a proxy as its example says, on other ports."""
    folder = tmp_path / "gateway"
    folder.mkdir()
    with ExitStack() as stack:

        def started(program):
            (port,) = free_ports(1)
            ports = {8080: port, 8000: published.port, 9000: collector[0]}
            for example in EXAMPLES.iterdir():
                configured = adapted(example.read_text("utf-8"), ports)
                (folder / example.name).write_text(configured, "utf-8")
            stack.enter_context(running(program, COMMANDS[program], port, cwd=folder))
            return port

        yield started


def adapted(example, ports):
    """Return an example for the test site, on other ports."""
    for written, found in ports.items():
        example = example.replace(f":{written}", f":{found}")
        example = example.replace(f"listen {written};", f"listen {found};")
    # Only root may have workers of another user, who could not write into the folder.
    return example.replace("hummingbytes", "shop").replace("pid ", "user root;\npid ")


def send(port, event, path="/collect", **headers):
    """Send an event through a proxy; return the status."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("POST", f"{path}?page=1", event, named)
    status = connection.getresponse().status
    connection.close()
    return status


def grant(service):
    """Record a yes; return its token."""
    sent = body(GRANT)
    answer = service.ask("POST", "/v1/shop/records", sent, {"Origin": ORIGIN})
    return yaml.safe_load(answer[2])["token"]


def withdraw(service, token):
    sent = {"token": token, "key": fresh_key()}
    status, *_ = service.ask("POST", "/v1/shop/withdrawals", sent, {"Origin": ORIGIN})
    assert status == 201


@pytest.mark.parametrize("program", COMMANDS)
def test_an_event_passes_only_while_its_visitor_allows_it(
    service, collector, start, program
):
    port, token = start(program), grant(service)
    _, events = collector

    statuses = [
        send(port, "of nobody"),
        send(port, "of a forger", Consent_Token=f"{token}A"),
        send(port, "in a header", Consent_Token=token),
        send(port, "in a cookie", Cookie=f"a=b; consent_shop={token}"),
        send(port, "of two", Cookie=f"consent_shop={token}; consent_shop=pending"),
    ]
    withdraw(service, token)
    statuses.append(send(port, "too late", Consent_Token=token))

    assert statuses == [403, 403, 202, 202, 403, 403]
    assert events == ["in a header", "in a cookie"]


@pytest.mark.parametrize("program", COMMANDS)
def test_no_event_passes_while_the_service_is_down(
    published, collector, start, program
):
    with published.serving():
        port, token = start(program), grant(published)
        assert send(port, "before", Consent_Token=token) == 202

    assert send(port, "after", Consent_Token=token) >= 400
    assert collector[1] == ["before"]


def test_answers_that_are_cached_for_a_second_hide_a_withdrawal_for_two_at_most(
    service, start, collector
):
    port, token = start("nginx"), grant(service)
    cached = {"path": "/collect-cached", "Consent_Token": token}
    assert send(port, "before", **cached) == 202

    withdraw(service, token)
    time.sleep(2)

    assert send(port, "after", **cached) == 403
    assert collector[1] == ["before"]


def test_the_token_of_a_pixel_goes_no_further_than_nginx(
    service, collector, start, tmp_path
):
    port, token = start("nginx"), grant(service)
    query = f"consent_token={token}"

    def look(query, **headers):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", f"/pixel?{query}", headers=headers)
        with closing(connection):
            return connection.getresponse().status

    statuses = [
        look(f"a=1&{query}&b=2"),
        look(query),
        look("c=3", Cookie=f"consent_shop={token}"),
        look("d=4"),
        look(f"{query}&{query}"),
        look(f"consent%5ftoken={token}"),
    ]
    withdraw(service, token)
    statuses.append(look(query))

    assert statuses == [202, 202, 202, 403, 400, 400, 403]
    assert collector[1] == ["/pixel?a=1&b=2", "/pixel", "/pixel?c=3"]
    log = tmp_path / "gateway" / "pixel.log"
    # It is written after the answer.
    eventually(lambda: log.read_text("utf-8").count("\n"), len(statuses))
    assert token.rpartition(".")[2] not in log.read_text("utf-8")
