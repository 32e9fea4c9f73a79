"""The Content Security Policy that a page needs, by what may load when."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from consent.domain.notices import Notice
from consent.domain.vocabulary import Basis


class Admission(NamedTuple):
    """What to admit for a purpose, and nothing before; for everybody if it is None."""

    purpose: str | None
    policy: str


def admissions(notice: Notice, address: str) -> list[Admission]:
    """Return what the banner and the notice's vendors need, everybody's part first.

    A host of a vendor for exempt purposes is needed by everybody, whatever else the
    vendor is for.
    """
    parts = urlsplit(address)
    service = f"{parts.scheme}://{parts.netloc}"
    exempt = {p.id for p in notice.purposes if p.basis is Basis.EXEMPT}
    always = _hosts(notice, exempt)
    admitted = [Admission(None, _policy([service, *always], [service], always))]
    for purpose in notice.optional:
        hosts = [h for h in _hosts(notice, {purpose.id}) if h not in always]
        if hosts:
            admitted.append(Admission(purpose.id, _policy(hosts, [], hosts)))
    return admitted


def _hosts(notice: Notice, purposes: Iterable[str]) -> list[str]:
    wanted = set(purposes)
    vendors = [v for v in notice.vendors if wanted.intersection(v.purposes)]
    return list(dict.fromkeys(f"https://{h}" for v in vendors for h in v.hosts))


def _policy(scripts: list[str], calls: list[str], frames: list[str]) -> str:
    sources = {"script-src": scripts, "connect-src": calls, "frame-src": frames}
    return "; ".join(
        f"{name} {' '.join(found)}" for name, found in sources.items() if found
    )
