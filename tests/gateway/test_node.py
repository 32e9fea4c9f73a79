"""The JavaScript gateway in Node, following a real service."""

import json
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from consent.services import apikeys
from consent.services.gateways import standings
from tests.factories import SITE
from tests.web.asking import record

SOURCE = (Path(__file__).parents[2] / "clients/js/src/gateway.js").as_uri()
FOLLOW = f"""
import {{ createInterface }} from "node:readline";
import {{ Gateway }} from "{SOURCE}";

const [, address, apiKey] = process.argv;
const options = {{ pollMilliseconds: 20, name: apiKey && "node", apiKey }};
const gateway = new Gateway(address, "{SITE}", options);
await gateway.start();
for await (const token of createInterface({{ input: process.stdin }}))
  console.log(JSON.stringify(await gateway.decide(token, "analytics")));
gateway.forwarded("analytics", 2);
await gateway.close();
"""


@contextmanager
def following(*arguments):
    """Start Node at an address, with an API key if it is to report.

    Yields a function that asks its gateway about a token.
    """
    node = shutil.which("node")
    assert node, "node is missing"
    command = [node, "--input-type=module", "--eval", FOLLOW, *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def ask(token):
            process.stdin.write(f"{token}\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())["reason"]

        yield ask
        process.stdin.close()
        assert process.wait(10) == 0


def test_node_reports_what_it_decided(client, shop, address):
    token = record(client, {"analytics": "granted"})["token"]
    key = apikeys.add(shop, SITE, "node")[1]

    with following(address, key) as reason:
        reasons = [reason(one) for one in (token, token, "forged")]

    (standing,) = standings(shop, SITE)
    (work,) = standing.work
    assert reasons == ["granted", "granted", "invalid"]
    assert (work.purpose, work.today.allowed, work.today.forwarded) == (
        "analytics",
        2,
        2,
    )
    assert work.today.denied == {"invalid": 1}
    assert (standing.processes, standing.alarms) == (0, [])
