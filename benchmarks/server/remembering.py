"""What a gateway's process grows by as it follows a site: `python -m … ADDRESS`."""

import gc
import json
import re
import sys
from pathlib import Path

import psutil

from consent.gateway import Gateway
from examples.demo.places import SITE


def main(address: str) -> None:
    """Print by how many bytes this process grew, in the end and at the highest."""
    before = _memory()
    with Gateway(address, SITE) as gateway:
        gateway.wait()
        found = {"memory": _memory() - before, "peak": _peak() - before}
    sys.stdout.write(json.dumps(found))


def _memory() -> int:
    gc.collect()
    return psutil.Process().memory_info().rss


def _peak() -> int:
    # What getrusage tells includes the process that started this one.
    status = Path("/proc/self/status").read_text("ascii")
    return 1024 * int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0])


if __name__ == "__main__":
    main(*sys.argv[1:])
