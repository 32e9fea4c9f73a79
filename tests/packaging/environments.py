"""Environments that hold a wheel, what it declares that it needs, and nothing else."""

import sys
import venv
import zipfile
from dataclasses import dataclass
from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path
from subprocess import run

from packaging.requirements import Requirement


@dataclass(frozen=True)
class Environment:
    """A virtual environment."""

    folder: Path

    @property
    def python(self):
        return self.folder / "bin" / "python"

    @property
    def packages(self):
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return self.folder / "lib" / version / "site-packages"

    def output_of(self, script):
        """Return what a script prints, run outside of the checkout."""
        command = [self.python, "-c", script]
        return run(
            command, cwd=self.folder, env={}, check=True, capture_output=True, text=True
        ).stdout.strip()


def install(wheel, folder, *extras):
    """Return a new environment with the wheel and what it needs with these extras.

    What it needs is linked from where the tests run, so that no network is needed.
    """
    venv.create(folder, symlinks=True)
    environment = Environment(folder)
    for needed in closure(metadata_of(wheel), extras).values():
        link(needed, environment.packages)
    pip = [sys.executable, "-m", "pip", "--python", environment.python, "--quiet"]
    run([*pip, "install", "--no-index", "--no-deps", wheel], check=True)
    return environment


def metadata_of(wheel):
    """Return what a wheel says about itself."""
    name, version, *_ = wheel.name.split("-")
    return PathDistribution(zipfile.Path(wheel, f"{name}-{version}.dist-info/"))


def closure(package: Distribution, extras):
    """Return all that a package needs, by name."""
    found = {}
    wanted = [*requirements(package, extras)]
    while wanted:
        requirement = wanted.pop()
        key = (requirement.name.lower(), frozenset(requirement.extras))
        if key not in found:
            found[key] = distribution(requirement.name)
            wanted += requirements(found[key], requirement.extras)
    return found


def requirements(package, extras):
    """Return what a package needs on this machine, with these extras."""
    parsed = map(Requirement, package.requires or ())
    environments = [{"extra": extra} for extra in ("", *extras)]
    return [
        requirement
        for requirement in parsed
        if requirement.marker is None
        or any(map(requirement.marker.evaluate, environments))
    ]


def link(package, folder):
    """Make an installed package importable from another folder."""
    for name in {file.parts[0] for file in package.files} - {"..", "__pycache__"}:
        target = folder / name
        if not target.exists():
            target.symlink_to(package.locate_file(name))
