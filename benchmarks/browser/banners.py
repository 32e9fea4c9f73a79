"""The banners that are compared, and what their configurations say."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from examples.demo.places import SITE, SITE_FILES, Place

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
REJECT = "Reject all"
_LABELS = {
    "accept": "Accept all",
    "reject": REJECT,
    "settings": "Settings",
    "save": "Save choice",
    "close": "Close",
    "privacy": "Privacy policy",
    "policy": "/privacy",
}


@dataclass(frozen=True)
class Banner:
    """A banner, and what its documentation puts into the head of a page."""

    name: str
    package: str
    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    loading: str = "defer"

    @property
    def title(self) -> str:
        """Its name and version."""
        if not self.package:
            return self.name
        package = json.loads((MODULES / self.package / "package.json").read_text())
        return f"{self.name} {package['version']}"

    def head(self, base: str, nonce: str) -> str:
        """Return its tags, for files that are found below an address."""
        return "\n".join(
            [
                f'<link rel="stylesheet" href="{base}/{file}" nonce="{nonce}">'
                for file in self.styles
            ]
            + [
                f'<script src="{base}/{file}" nonce="{nonce}" {self.loading}></script>'
                for file in self.scripts
            ]
        )


NONE = Banner("no banner", "")
OURS = Banner("Consent", "", (f"{SITE}/banner.js",), loading="async")
PEERS = {
    "vanilla": Banner(
        "vanilla-cookieconsent", "vanilla-cookieconsent", ("main.js",), ("main.css",)
    ),
    "orejime": Banner(
        "orejime",
        "orejime",
        ("main.js", "orejime-standard-en.js"),
        ("orejime-standard.css",),
    ),
    "tarteaucitron": Banner(
        "tarteaucitronjs", "tarteaucitronjs", ("tarteaucitron.min.js", "main.js")
    ),
    "klaro": Banner("klaro", "klaro", ("main.js",), ("main.css",)),
    "c15t": Banner("c15t (React)", "@c15t/react", ("main.js",), ("main.css",)),
    "osano": Banner(
        "Osano cookieconsent",
        "cookieconsent",
        ("cookieconsent.min.js", "main.js"),
        ("cookieconsent.min.css",),
    ),
}
BANNERS = {"none": NONE, "ours": OURS, **PEERS}


def texts() -> dict[str, Any]:
    """Return what every peer has to say: the sample site's English texts."""
    site = yaml.safe_load(SITE_FILES[0].read_text("utf-8"))
    told = {name: site["texts"][name]["en"] for name in ("heading", "intro")}
    purposes = [
        {
            "id": purpose["id"],
            "title": purpose["title"]["en"],
            "description": purpose["description"]["en"],
            "isExempt": purpose["basis"] == "exempt",
        }
        for purpose in site["purposes"]
    ]
    return _LABELS | told | {"purposes": purposes}


def build_peers(folder: Path) -> Mapping[str, bytes]:
    """Build what pages of the peers load; return it by path."""
    told = folder / "texts.json"
    told.write_text(json.dumps(texts()), "utf-8")
    files = folder / "files"
    subprocess.run(["node", "build.mjs", told, files], cwd=HERE, check=True)  # noqa: S603, S607 - our own script
    found = [path for path in files.rglob("*") if path.is_file()]
    return {f"/{path.relative_to(files)}": path.read_bytes() for path in found}


def base_of(key: str, service: Place, files: str) -> str:
    """Return the address below which a banner's files are found."""
    return service.address if key == "ours" else f"{files}/{key}"
