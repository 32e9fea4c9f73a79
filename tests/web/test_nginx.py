"""A real nginx in front of a tag, configured as docs/http.md says."""

import shutil
import subprocess
import time
from http.client import HTTPConnection

import pytest
import yaml

from tests.factories import ORIGIN, body, fresh_key

CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location /collect {{ auth_request /consent; try_files "" @fired; }}
    location @fired {{ return 202; }}
    location = /consent {{
      internal;
      proxy_pass http://127.0.0.1:{service}/v1/shop/check/analytics;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
    }}
  }}
}}
"""


@pytest.fixture
def service(published):
    with published.serving():
        yield published


@pytest.fixture
def collect(tmp_path, free_ports, service):
    """Return what sends an event through nginx and tells the status."""
    path = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if path is None:
        pytest.fail("nginx is missing: `make system-packages` installs it")
    (port,) = free_ports(1)
    file = tmp_path / "nginx.conf"
    file.write_text(
        CONFIGURATION.format(folder=tmp_path, port=port, service=service.port)
    )
    process = subprocess.Popen([path, "-p", tmp_path, "-c", file])

    def sent(token=None):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        headers = {"Cookie": f"consent_shop={token}"} if token else {}
        connection.request("POST", "/collect?page=1", "an event", headers)
        status = connection.getresponse().status
        connection.close()
        return status

    for _ in range(100):
        try:
            sent()
            break
        except ConnectionError:
            time.sleep(0.05)
    yield sent
    process.terminate()
    process.wait(10)


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
