"""What is done before the service starts: keys, tables, notices."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

from examples.demo.errors import DemoError
from examples.demo.places import ROOT, SITE_FILES, Places

CONSENT = [sys.executable, "-m", "consent.cli.main"]


def environment(places: Places) -> dict[str, str]:
    """Return the service's settings, on top of our own environment."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("CONSENT_")}
    folder = places.folder
    return inherited | {
        "CONSENT_DATABASE_URL": f"sqlite:///{folder / 'consent.sqlite3'}",
        "CONSENT_HOST": places.service.bind,
        "CONSENT_PORT": str(places.service.port),
        # Plain http: a Secure cookie would be lost in some browsers.
        "CONSENT_HTTPS": "no",
        "CONSENT_TOKEN_KEYS_FILE": str(folder / "token-keys"),
        "CONSENT_CHECKPOINT_KEYS_FILE": str(folder / "checkpoint-keys"),
        "CONSENT_CHECKPOINT_GUARD": str(folder / "checkpoints"),
        "CONSENT_ADDRESS": places.service.address,
        "CONSENT_SECRET_KEYS_FILE": str(folder / "secret-keys"),
    }


def consent(places: Places, *arguments: str) -> None:
    """Run a command of the service, and stop with its words if it fails."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [*CONSENT, *arguments],
        cwd=ROOT,
        env=environment(places),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DemoError(
            f"consent {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}"
        )


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def make_secret(places: Places) -> None:
    """Make the secret that signs page sessions, unless there is one."""
    path = places.folder / "secret-keys"
    if not path.exists():
        write_private(path, f"{secrets.token_hex(32)}\n")


def make_keys(places: Places) -> None:
    """Have the service make the keys that sign tokens and checkpoints, once."""
    if not (places.folder / "checkpoint-keys").exists():
        consent(places, "keys", "add")


def publish(places: Places, site_file: Path) -> None:
    """Publish a site file with the addresses of this demonstration."""
    copy = places.folder / site_file.name
    copy.write_text(places.rewritten(site_file.read_text("utf-8")), "utf-8")
    consent(places, "site", "publish", str(copy))


def prepare(places: Places) -> None:
    """Bring the working folder to where the service can start."""
    places.folder.mkdir(parents=True, exist_ok=True)
    make_secret(places)
    consent(places, "migrate")
    make_keys(places)
    for site_file in SITE_FILES:
        publish(places, site_file)
