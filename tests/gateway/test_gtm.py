"""The template for server-side Google Tag Manager asks a real service."""

import json
import shutil
import subprocess
from pathlib import Path

from tests.factories import SITE
from tests.gateway.following import serving
from tests.web.asking import record, withdraw

SANDBOX = (Path(__file__).parents[1] / "js/sandbox.js").as_uri()
RUN = f"""
import {{ run }} from "{SANDBOX}";

const [serviceUrl, token] = process.argv.slice(1);
const data = {{ serviceUrl, site: "{SITE}", purpose: "analytics", vendor: "matomo" }};
const request = {{ events: [{{ n: 1 }}], cookies: [["consent_{SITE}", token]] }};
const {{ ran, status, headers }} = await run(data, request);
console.log(JSON.stringify([ran.length, status, headers["consent-verdict"]]));
"""


def run(service, token):
    """Run the template on an event of who has this token; return what came of it."""
    node = shutil.which("node")
    assert node, "node is missing"
    command = [node, "--input-type=module", "--eval", RUN, service, token]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def test_the_container_runs_only_while_the_visitor_allows_it(app, client):
    token = record(client, {"analytics": "granted"})["token"]

    with serving(app) as service:
        before = run(service, token)
        withdraw(client, token)
        after = run(service, token)
    gone = run(service, token)

    assert before == [1, 204, None]
    assert after == [0, 403, "withdrawn"]
    assert gone == [0, 503, "stale"]
