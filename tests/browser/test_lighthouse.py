"""The real Lighthouse scores the visitor's main pages 100."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.browser.pages import MAIN_PAGES, Tour
from tests.packaging.tools import ROOT, tool

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).with_name("lighthouse.mjs")


def test_accessibility_and_best_practices_are_100(visitor, chromium_options):
    tour = Tour(visitor)
    addresses = [tour.address(name) for name in MAIN_PAGES]

    done = subprocess.run(
        [
            tool("node"),
            SCRIPT,
            chromium_options["executable_path"],
            json.dumps(chromium_options["args"]),
            session_of(visitor),
            *addresses,
        ],
        cwd=ROOT,
        check=False,
        text=True,
        capture_output=True,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {address: [] for address in addresses}


def session_of(visitor):
    """Return the cookie by which the service knows who looks."""
    (cookie,) = visitor.context.cookies(visitor.town.preferences)
    return f"{cookie['name']}={cookie['value']}"
