"""The lock files fit pyproject.toml and each other."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.tools import ROOT

LOCKS = ["requirements.lock", "requirements-dev.lock"]


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def pins(lock):
    """Return the pinned versions of a lock file, by name."""
    lines = (ROOT / lock).read_text().splitlines()
    found = [re.match(r"([a-z0-9-]+)==(\S+)", line) for line in lines]
    return {match[1]: match[2] for match in found if match}


def declared(project, extras, groups):
    optional = project["project"]["optional-dependencies"]
    named = [text for extra in extras for text in optional[extra]]
    named += [text for group in groups for text in project["dependency-groups"][group]]
    return map(Requirement, [*project["project"]["dependencies"], *named])


@pytest.mark.parametrize(
    ("lock", "extras", "groups"),
    [
        ("requirements.lock", ["server"], ["build"]),
        ("requirements-dev.lock", ["server", "parquet"], ["build", "dev"]),
    ],
)
def test_every_declared_dependency_is_pinned_to_what_it_allows(
    project, lock, extras, groups
):
    """`make lock` was run after pyproject.toml changed."""
    pinned = pins(lock)

    for requirement in declared(project, extras, groups):
        assert pinned[canonicalize_name(requirement.name)] in requirement.specifier


def test_both_locks_name_the_same_versions():
    assert pins(LOCKS[0]).items() <= pins(LOCKS[1]).items()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash_and_no_line_names_a_host(lock):
    text = (ROOT / lock).read_text()
    hashed = re.findall(r"^[a-z0-9-]+==.*\\\n    --hash=", text, re.MULTILINE)

    assert len(hashed) == len(pins(lock))
    assert "://" not in text
    assert "index-url" not in text
