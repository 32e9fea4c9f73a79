"""What every command starts with: settings, and the parts they describe."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from consent.services.runtime import Runtime
from consent.settings import Settings

DASHED = {"ignore_unknown_options": True, "help_option_names": ["--help"]}
"""Context of commands on key ids and tokens, which may begin as an option does."""


def settings() -> Settings:
    """Return the settings of the environment; raises BadSetting."""
    return Settings.from_environ(os.environ)


@contextmanager
def opened() -> Iterator[Runtime]:
    """Open the parts for one command and close them behind it."""
    runtime = Runtime.open(settings())
    try:
        yield runtime
    finally:
        runtime.close()
