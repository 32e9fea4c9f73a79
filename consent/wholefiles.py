"""Files that have their name once they are whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def becoming(path: Path) -> Iterator[BinaryIO]:
    """Open what is to become a file, in place of any that is there; raises OSError.

    If writing fails there is nothing new.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with fresh.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
