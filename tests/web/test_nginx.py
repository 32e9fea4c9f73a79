"""A real nginx: in front of a tag, as docs/http.md says, and as a shared cache."""

from http.client import HTTPConnection

import pytest
import yaml

from tests.factories import ORIGIN, body, fresh_key, site_file

REGIONS = {"EEA": "opt-in", "US-CA": "opt-out", "*": "inform"}
GATE = """
location /collect {{ auth_request /consent; try_files "" @fired; }}
location @fired {{ return 202; }}
location = /consent {{
  internal;
  proxy_pass http://127.0.0.1:{service}/v1/shop/check/analytics;
  proxy_pass_request_body off;
  proxy_set_header Content-Length "";
}}
"""
# What it knows of a visitor's region comes with the request here, and is told onwards.
CACHE = """
location / {{
  proxy_pass http://127.0.0.1:{service};
  proxy_set_header X-Region $http_x_visitor_is_in;
  proxy_cache scripts;
  add_header X-Cache $upstream_cache_status;
}}
"""


@pytest.fixture
def service(published):
    with published.serving():
        yield published


@pytest.fixture
def collect(nginx, service):
    """Return what sends an event through nginx and tells the status."""
    port = nginx(GATE.format(service=service.port))

    def sent(token=None):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        headers = {"Cookie": f"consent_shop={token}"} if token else {}
        connection.request("POST", "/collect?page=1", "an event", headers)
        status = connection.getresponse().status
        connection.close()
        return status

    return sent


@pytest.fixture
def visit(nginx, published, tmp_path):
    """Return what fetches the script through nginx, which caches what it may.

    It tells what the cache did, and the regime that the script is for.
    """
    file = tmp_path / "several.yaml"
    told = {name: value for name, value in site_file().items() if name != "regime"}
    file.write_text(yaml.safe_dump(told | {"regimes": REGIONS}))
    published.run("site", "publish", file)
    port = nginx(CACHE.format(service=published.port))

    def fetched(query="", is_in=""):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        headers = {"X-Visitor-Is-In": is_in}
        connection.request("GET", f"/shop/banner.js{query}", headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        regime = text.partition('"regime":"')[2].partition('"')[0]
        return answer.headers["X-Cache"], regime

    return fetched


def test_nginx_lets_an_event_through_only_while_it_is_allowed(service, collect):
    origin = {"Origin": ORIGIN}
    sent = body({"analytics": "granted"})
    answer = service.ask("POST", "/v1/shop/records", sent, origin)
    token = yaml.safe_load(answer[2])["token"]

    assert collect() == 403
    assert collect("pending") == 403
    assert collect(token) == 202

    withdrawal = {"token": token, "key": fresh_key()}
    service.ask("POST", "/v1/shop/withdrawals", withdrawal, origin)

    assert collect(token) == 403


def test_a_shared_cache_holds_no_answer_by_region(published, visit):
    published.more["CONSENT_REGION_HEADER"] = "X-Region"
    with published.serving():
        found = [visit(is_in=region) for region in ("US-CA", "DE", "JP", "US-CA", "")]

    regimes = ["opt-out", "opt-in", "inform", "opt-out", "opt-in"]
    assert found == [("MISS", regime) for regime in regimes]


def test_a_shared_cache_holds_each_regions_own_script(published, visit):
    with published.serving():
        found = [visit(f"?region={region}") for region in ("US-CA", "DE") * 2]
        unnamed = [visit() for _ in range(2)]

    assert found == [
        ("MISS", "opt-out"),
        ("MISS", "opt-in"),
        ("HIT", "opt-out"),
        ("HIT", "opt-in"),
    ]
    assert unnamed == [("MISS", "opt-in")] * 2
