"""Programs of the system that the tests call."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def tool(name):
    """Return the path of a program, or fail with how to get it."""
    path = shutil.which(name)
    if path is None:
        pytest.fail(f"{name} is missing: `make system-packages` installs it")
    return path


def succeeds(command, cwd, env=None):
    """Run a command, and fail the test in its words if it fails."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=env,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        pytest.fail(done.stdout, pytrace=False)
