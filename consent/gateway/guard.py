"""Which requests of a web app are events, and whether they may pass."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from consent.domain.checks import Verdict
from consent.gateway.events import shown_in
from consent.gateway.gateway import Gateway

_PARAMETERS = re.compile(r"[;?#\0].*", re.DOTALL)
Paths = Mapping[str, str | tuple[str, str]]


class Target(NamedTuple):
    """What an event is for."""

    purpose: str
    vendor: str | None = None


class Guard:
    """Decides about requests below certain paths."""

    def __init__(self, gateway: Gateway, paths: Paths) -> None:
        """Guard paths.

        :param paths: a purpose, or purpose and vendor, for each; the longest that a
            request is at or below counts
        """
        self._gateway = gateway
        self._targets = [
            (segments(path) or (), _target(asked)) for path, asked in paths.items()
        ]

    def decide(
        self, paths: Iterable[str], headers: Iterable[tuple[str, str]]
    ) -> Verdict | None:
        """Decide about a request, or return None if it is no event.

        :param paths: each path, decoded, that the app may take the request's for
        """
        targets = {target for path in paths for target in self._targets_of(path)}
        if not targets:
            return None
        tokens, gpc = shown_in(headers, self._gateway.site)
        verdicts = [self._gateway.decide(tokens, *one, gpc=gpc) for one in targets]
        return next((one for one in verdicts if not one.allowed), verdicts[0])

    def _targets_of(self, path: str) -> set[Target]:
        found = segments(path)
        if found is None:
            return {target for _, target in self._targets}
        above = [one for one in self._targets if one[0] == found[: len(one[0])]]
        longest = max((len(guarded) for guarded, _ in above), default=0)
        return {target for guarded, target in above if len(guarded) == longest}


def segments(path: str) -> tuple[str, ...] | None:
    """Return a path's segments as the most lenient app may read them.

    None if apps differ about it: it may be any path, and no browser sends it.
    """
    # An app that decodes once more than it should is foreseen, twice more is not.
    decoded = unquote(path).replace("\\", "/")
    named = [_PARAMETERS.sub("", part).strip() for part in decoded.split("/")]
    if ".." in named or decoded.startswith("//") or unquote(decoded) != decoded:
        return None
    return tuple(part.casefold() for part in named if part not in {"", "."})


def _target(asked: str | tuple[str, str]) -> Target:
    return Target(asked) if isinstance(asked, str) else Target(*asked)
