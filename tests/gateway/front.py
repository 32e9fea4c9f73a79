"""Real proxies in front of what collects events, configured as in examples/."""

import json
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import yaml

from tests.factories import ORIGIN, body, fresh_key, site_file
from tests.proxies import running
from tests.running import Service

EXAMPLES = Path(__file__).parents[2] / "examples" / "gateways"
COMMANDS = {
    "nginx": ["-p", ".", "-c", "nginx.conf"],
    "caddy": ["run", "--config", "Caddyfile"],
    "haproxy": ["-f", "haproxy.cfg"],
    "envoy": ["-c", "envoy.yaml", "-l", "error", "--concurrency", "1"],
    "traefik": ["--configFile=traefik.yml"],
}
# Another Envoy of this machine may be of the same number.
COMMANDS["envoy"] += ["--disable-hot-restart"]


@dataclass
class Front:
    """A service, the proxies that ask it, and the events that they let pass."""

    folder: Path
    service: Service
    ports: dict[str, int]
    events: list[str]
    origin: str = ORIGIN
    serving: ExitStack = field(default_factory=ExitStack)
    is_up: bool = False

    def start(self):
        """Start the service, unless it is up."""
        if not self.is_up:
            self.serving.enter_context(self.service.serving())
        self.is_up = True

    def stop(self):
        """End the service."""
        self.serving.close()
        self.is_up = False

    def send(self, program, event, path="/collect", **headers):
        """Send an event through a proxy; return the status."""
        path += "&page=1" if "?" in path else "?page=1"
        return self.ask(program, "POST", path, event, **headers)

    def ask(self, program, method, path, event=None, **headers):
        """Ask a proxy; return the status."""
        connection = HTTPConnection("127.0.0.1", self.ports[program], timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(connection):
            connection.request(method, path, event, named)
            return connection.getresponse().status

    def statuses(self, token, path="/collect"):
        """Send an event with a token through each proxy; return the statuses."""
        return {
            name: self.send(name, name, path, Consent_Token=token)
            for name in self.ports
        }

    def grant(self):
        """Record a yes; return its token."""
        return self._post(
            "records", body({"analytics": "granted"}, secret=fresh_key())
        )["token"]

    def withdraw(self, token):
        """Withdraw everything that a token stands for."""
        self._post("withdrawals", {"token": token, "key": fresh_key()})

    def _post(self, act, sent):
        asked = f"/v1/shop/{act}", sent, {"Origin": self.origin}
        status, _, text = self.service.ask("POST", *asked)
        assert status == 201, text
        return json.loads(text)


def make_service(folder, ports, url=None, origins=(ORIGIN,), **options):
    """Set up a service in a folder of its own, the test site's file published."""
    url = url or f"sqlite:///{folder / 'consent.sqlite'}"
    service = Service(folder, ports(1)[0], url, **options)
    path = folder / "shop.yaml"
    path.write_text(yaml.safe_dump(site_file(origins=list(origins))))
    service.set_up(path)
    return service


@contextmanager
def standing(folder, service, find_ports, programs=COMMANDS):
    """Run proxies as their examples say, on other ports, in front of a service."""
    with ExitStack() as stack:
        where, events = stack.enter_context(collecting())
        ports = dict(zip(programs, find_ports(len(programs)), strict=True))
        for program, port in ports.items():
            place = folder / program
            place.mkdir()
            adapt(place, {8080: port, 8000: service.port, 9000: where})
            stack.enter_context(running(program, COMMANDS[program], port, cwd=place))
        front = Front(folder, service, ports, events)
        stack.callback(front.stop)
        yield front


def adapt(place, ports):
    """Write the examples for the test site, on other ports, into a folder."""
    for example in EXAMPLES.iterdir():
        text = example.read_text("utf-8")
        for written, found in ports.items():
            text = text.replace(f":{written}", f":{found}")
            text = text.replace(f"port_value: {written}", f"port_value: {found}")
            text = text.replace(f"listen {written};", f"listen {found};")
        # Only root may have workers of another user, who could not write there.
        text = text.replace("hummingbytes", "shop").replace("pid ", "user root;\npid ")
        (place / example.name).write_text(text, "utf-8")


@contextmanager
def collecting():
    """Collect events; yields the port, and the list of them."""
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
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server.server_port, events
    server.shutdown()
    thread.join()
    server.server_close()
