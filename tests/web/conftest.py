import shutil
import subprocess
import time
from socket import create_connection

import pytest

from consent.services.notices import publish
from tests.factories import OTHER_ORIGIN, make_notice

# The user counts only for root, whose workers could not write into the test's folder.
NGINX = """
daemon off;
user root;
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
  proxy_cache_path {folder}/cache keys_zone=scripts:1m;
  server {{
    listen 127.0.0.1:{port};
    {locations}
  }}
}}
"""


@pytest.fixture
def other(app):
    """Publish a second site on the same service."""
    publish(
        app.extensions["consent"], make_notice(site="other", origins=[OTHER_ORIGIN])
    )


@pytest.fixture
def database_url(sqlite_url):
    """Return an empty SQLite database: test_path.py alone tries both kinds."""
    return sqlite_url


@pytest.fixture
def nginx(tmp_path, free_ports):
    """Return what starts a real nginx with these locations; it returns the port."""
    path = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if path is None:
        pytest.fail("nginx is missing: `make system-packages` installs it")
    started = []

    def start(locations):
        (port,) = free_ports(1)
        file = tmp_path / "nginx.conf"
        file.write_text(NGINX.format(folder=tmp_path, port=port, locations=locations))
        started.append(subprocess.Popen([path, "-p", tmp_path, "-c", file]))
        wait_for(port)
        return port

    yield start
    for process in started:
        process.terminate()
        process.wait(10)


def wait_for(port):
    for _ in range(100):
        try:
            create_connection(("127.0.0.1", port)).close()
        except ConnectionError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("nginx does not listen")
