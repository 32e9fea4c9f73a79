"""The service as its own processes, started as an operator starts it."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from consent.services import keys, notices, sitefiles
from consent.services.runtime import Runtime, migrate_database
from consent.settings import Settings

START_SECONDS = 30


@dataclass
class Service:
    """A service that can be set up, started, asked and killed."""

    folder: Path
    port: int
    database_url: str
    workers: int = 1
    command: tuple[str, ...] = (sys.executable, "-m", "consent.cli.main")
    more: dict[str, str] = field(default_factory=dict)

    @property
    def address(self):
        """Where it is asked."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self):
        """The environment of its processes."""
        return {
            "PATH": os.environ["PATH"],
            "CONSENT_DATABASE_URL": self.database_url,
            "CONSENT_HTTPS": "no",
            "CONSENT_PORT": str(self.port),
            "CONSENT_POLL_SECONDS": "0.05",
            "CONSENT_SECRET_KEYS": "0123456789abcdef" * 2,
            "CONSENT_TOKEN_KEYS_FILE": str(self.folder / "token-keys"),
            "CONSENT_CHECKPOINT_KEYS_FILE": str(self.folder / "checkpoint-keys"),
            "CONSENT_CHECKPOINT_GUARD": str(self.folder / "checkpoints"),
            "CONSENT_WORKERS": str(self.workers),
        } | self.more

    def run(self, *arguments):
        """Run a command of the service; return what it prints, or fail in its words."""
        code, said = self._done(arguments, {})
        if code:
            pytest.fail(said, pytrace=False)
        return said

    def fails(self, *arguments, **settings):
        """Run a command that has to fail, without a traceback; return what it says."""
        code, said = self._done(arguments, settings)
        assert code == 1, said
        assert "Traceback" not in said
        return said

    def prepare(self, *site_files):
        """Make the tables and a key, and publish site files."""
        self.run("migrate")
        self.run("keys", "add")
        for site_file in site_files:
            self.run("site", "publish", site_file)

    def set_up(self, *site_files):
        """Do the same in this process: a command for each step takes a second each."""
        settings = Settings.from_environ(self.settings)
        migrate_database(settings)
        with closing(Runtime.open(settings)) as runtime:
            for use in keys.lacking(runtime):
                keys.add_key(runtime, use)
            for site_file in site_files:
                notices.publish(runtime, sitefiles.load(site_file.read_text("utf-8")))

    @contextmanager
    def serving(self):
        """Serve until the block ends; yields the process, whose group can be killed."""
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(
                [*self.command, "serve"],
                cwd=self.folder,
                env=self.settings,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait(process)
            yield process
        finally:
            end(process)

    def ask(self, method, path, body=None, headers=None):
        """Return status, headers and text of an answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = json.dumps(body) if body is not None else None
        named = {"Content-Type": "text/plain"} if sent else {}
        try:
            connection.request(method, path, sent, named | (headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    def _done(self, arguments, settings):
        done = subprocess.run(
            [*self.command, *map(str, arguments)],
            cwd=self.folder,
            env=self.settings | settings,
            text=True,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        return done.returncode, done.stdout

    def _wait(self, process):
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail((self.folder / "log").read_text(), pytrace=False)
            time.sleep(0.05)

    def _is_ready(self):
        try:
            return self.ask("GET", "/readyz")[0] == 200
        except (OSError, HTTPException):
            return False


def end(process):
    """End a server and its workers: ask, and after a while insist."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        kill(process)


def kill(process):
    """Kill a server and its workers at once, as a power cut would."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
