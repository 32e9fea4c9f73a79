"""A later release of the service: another banner, all else the same."""

import shutil
from contextlib import ExitStack

import pytest

from consent.services.runtime import Runtime
from consent.services.scripts import DIST


@pytest.fixture
def release(tmp_path):
    """Return a function that builds a release whose files differ in these names."""

    def build(*names):
        folder = tmp_path / "-".join(["release", *names])
        shutil.copytree(DIST, folder)
        for name in names:
            file = folder / name
            file.write_text(f"{file.read_text('utf-8')}/* later */\n", "utf-8")
        return folder

    return build


@pytest.fixture
def upgraded(shop, settings, release):
    """Return a function that opens the parts of a process of a later release."""
    with ExitStack() as stack:

        def opened(*names):
            later = Runtime.open(settings, release(*names))
            stack.callback(later.close)
            return later

        yield opened
