"""Feed every reader with bytes that atheris thinks up.

usage: python -m tests.fuzz [libFuzzer's options] [folders of samples]
"""

import sys
from contextlib import suppress

import atheris

with atheris.instrument_imports(include=["consent"]):
    from tests.fuzz.readers import READERS


def every_reader(sent):
    """Let each read it; whatever it raises beside its own error is a finding."""
    for read, error in READERS.values():
        with suppress(error):
            read(sent)


atheris.Setup(sys.argv, every_reader)
atheris.Fuzz()
