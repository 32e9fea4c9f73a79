"""The description of the API is whole, well-formed, and what the service does."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from consent.domain.vocabulary import Use
from consent.services import apikeys, keys
from consent.services.notices import publish
from consent.services.runtime import Runtime, migrate_database
from consent.settings import Settings
from consent.web.openapi.document import document
from tests.factories import SITE, make_notice
from tests.running import Service
from tests.web.routes import lane_routes
from tests.web.test_docs import as_documented
from tests.web.test_policies import policy

HERE = Path(__file__).parent
FOR_PROGRAMS = ("/v1/", "/.well-known/", "/healthz", "/readyz", "/openapi.json")


@pytest.fixture
def described(client):
    """Return the description as it is served."""
    return client.get("/openapi.json").json


def test_every_address_for_programs_is_described_and_no_other(app, described):
    rules = {as_documented(rule.rule) for rule in app.url_map.iter_rules()}
    lane = {"/".join(segments) for segments in lane_routes()}
    known = {address for address in rules | lane if address.startswith(FOR_PROGRAMS)}

    assert described["paths"].keys() == known


def test_each_call_takes_the_method_that_is_described(app, described):
    adapter = app.url_map.bind("localhost")
    values = {"site": SITE, "version": "1", "number": "1", "level": "0"}
    for path, calls in described["paths"].items():
        address = re.sub(r"{(\w+)}", lambda name: values.get(name[1], "000"), path)
        (method,) = calls
        if path not in {"/".join(one) for one in lane_routes()}:
            assert adapter.test(address, method.upper()), path


def test_every_reference_leads_to_a_schema(described):
    schemas = described["components"]["schemas"]

    named = set(re.findall(r"#/components/schemas/(\w+)", str(described)))

    assert named <= schemas.keys()
    assert {"ChoiceRequest", "ChecksRequest", "Problem", "Snapshot"} <= named


def test_what_is_sent_is_described_by_what_decodes_it(described):
    """A limit that the decoder has is told: nobody writes it down twice."""
    checks = described["components"]["schemas"]["ChecksRequest"]["properties"]["checks"]
    bodies = {
        path: call["post"]["requestBody"]["content"]["application/json"]["schema"]
        for path, call in described["paths"].items()
        if "post" in call
    }

    assert checks["maxItems"] == 10_000
    assert bodies["/v1/{site}/records"]["$ref"].endswith("/ChoiceRequest")
    assert all("$ref" in schema for schema in bodies.values())


def test_errors_of_the_description_itself_are_problems_too(client):
    answer = client.post("/openapi.json")

    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "GET" in answer.headers["Allow"]


@pytest.fixture
def service(tmp_path, free_port, sqlite_url):
    """Serve a site that has everything one may ask for; return it and an API key."""
    made = Service(tmp_path, free_port, sqlite_url, more={"CONSENT_LIMIT_KEYS": "0"})
    settings = Settings.from_environ(made.settings)
    migrate_database(settings)
    runtime = Runtime.open(settings)
    for use in Use:
        keys.add_key(runtime, use)
    publish(runtime, make_notice(policy=policy("all", 1)))
    key = apikeys.add(runtime, SITE, "tests")[1]
    runtime.close()
    with made.serving():
        yield f"http://127.0.0.1:{made.port}", key


def test_schemathesis_finds_nothing(service, tmp_path):
    """Every check it has, with examples, at every bound, and at random."""
    address, key = service

    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli"),
            *("--config-file", HERE / "schemathesis.toml"),
            *("run", f"{address}/openapi.json", "--url", address, "--checks", "all"),
            *("--header", f"Authorization: Bearer {key}", "--no-color"),
        ],
        cwd=tmp_path,
        env=os.environ | {"SCHEMATHESIS_HOOKS": str(HERE / "schemathesis_hooks.py")},
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )

    assert done.returncode == 0, done.stdout
    # All but the description itself.
    calls = len(document(address)["paths"]) - 1
    assert f"{calls} selected / {calls} total" in done.stdout
