"""Where the three programs of the demonstration live."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SITE_FILES = (ROOT / "examples/hummingbytes.yaml", ROOT / "examples/other.yaml")
SITE = "hummingbytes"

# The addresses that the site files carry.
WRITTEN_SHOP = "http://shop.localhost:8001"
WRITTEN_OTHER = "http://other.localhost:8001"


@dataclass(frozen=True)
class Place:
    """One program: what it is called, which variable sets its port, where it is."""

    title: str
    variable: str
    name: str
    bind: str
    port: int

    @property
    def address(self) -> str:
        """The address that a browser visits."""
        return f"http://{self.name}:{self.port}"

    @property
    def direct(self) -> str:
        """The same without the name, which only browsers are sure to resolve."""
        return f"http://{self.bind}:{self.port}"


@dataclass(frozen=True)
class Places:
    """The three programs, and the folder they work in."""

    service: Place
    shop: Place
    gateway: Place
    folder: Path

    @property
    def all(self) -> tuple[Place, Place, Place]:
        """The three, in the order in which they start."""
        return self.service, self.shop, self.gateway

    def rewritten(self, site_file: str) -> str:
        """Return a site file's text with the addresses of this demonstration."""
        other = f"http://other.localhost:{self.shop.port}"
        return site_file.replace(WRITTEN_SHOP, self.shop.address).replace(
            WRITTEN_OTHER, other
        )
