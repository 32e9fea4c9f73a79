"""The Python SDK in a process of its own, asked line by line, in JSON.

`["start", name, url, options]` starts a gateway; `["ask", name, token, purpose]` is
answered by the reason of its verdict. SHIFT moves this process's clock, in seconds.
"""

import json
import os
import sys
import time

from tests.factories import SITE

if shift := int(os.environ.get("SHIFT", "0")):
    true_time = time.time
    time.time = lambda: true_time() + shift

from consent.gateway import Gateway

gateways = {}
for line in sys.stdin:
    act, name, *told = json.loads(line)
    if act == "start":
        url, options = told
        gateways[name] = Gateway(url, SITE, poll_seconds=0.05, **options).start()
    else:
        said = gateways[name].decide(*told).reason
        print(json.dumps(said), flush=True)  # noqa: T201
for gateway in gateways.values():
    gateway.close()
