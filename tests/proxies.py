"""Real proxies, started with the configuration that a test gives them."""

import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection

import pytest

ELSEWHERE = f"/usr/sbin:{Path(sys.executable).parent}"
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


@contextmanager
def running_nginx(folder, port, locations):
    """Run an nginx with these locations until the block ends."""
    file = folder / "nginx.conf"
    file.write_text(NGINX.format(folder=folder, port=port, locations=locations))
    with running("nginx", ["-p", folder, "-c", file], port):
        yield


@contextmanager
def running(program, arguments, port, **options):
    """Run a proxy that listens on a port until the block ends."""
    path = shutil.which(program) or shutil.which(program, path=ELSEWHERE)
    if path is None:
        pytest.fail(f"{program} is missing: `make system-packages` installs it")
    process = subprocess.Popen([path, *arguments], **options)
    try:
        wait_for(port)
        yield
    finally:
        process.terminate()
        process.wait(10)


def wait_for(port):
    """Wait until somebody listens."""
    for _ in range(100):
        try:
            create_connection(("127.0.0.1", port)).close()
        except ConnectionError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"nobody listens on {port}")
