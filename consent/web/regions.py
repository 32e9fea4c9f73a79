"""Where a visitor is: told by a trusted proxy or the address, never looked up."""

from consent.domain.regions import region_from
from consent.services.runtime import Runtime
from consent.web.wire import Environ, query_value


def region_of(environ: Environ, runtime: Runtime) -> str | None:
    """Return the region of a request, if whoever may tell it does."""
    if runtime.settings.region_header is None:
        return named_region(environ, runtime)
    name = runtime.settings.region_header.upper().replace("-", "_")
    return region_from(environ.get(f"HTTP_{name}"))


def named_region(environ: Environ, runtime: Runtime) -> str | None:
    """Return the region that the address names, if it is for the address to tell."""
    if runtime.settings.region_header is not None:
        return None
    return region_from(query_value(environ, "region"))
