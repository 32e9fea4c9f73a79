"""Publish notices, compare them, suspend and resume what they name."""

from collections.abc import Collection

from consent.domain import publications, suspensions
from consent.domain.comparisons import Comparison, compared
from consent.domain.entries import Publication, Record, Suspension
from consent.domain.notices import Notice
from consent.domain.publications import Publishing
from consent.domain.terms import Terms
from consent.errors import InvalidChoice, NotFound, Unavailable, UnknownSite
from consent.services.runtime import Runtime
from consent.settings import Settings


def publish(runtime: Runtime, notice: Notice) -> tuple[Publication, bool]:
    """Publish a notice; return its publication, and whether that is a new one.

    Where only this release's script is new, its version is the one before.
    """
    origin = origin_of(runtime.settings, notice.site)
    draft = publications.Draft(notice, origin, runtime.scripts.of)
    return _append(runtime, draft)


def renew(runtime: Runtime) -> tuple[list[Publication], list[Unavailable]]:
    """Publish each notice in force again whose script this release changes.

    Nobody is asked again. Return what was published, and why some could not be.
    """
    renewed, failures = [], []
    for site in runtime.follower.sites:
        draft = publications.Renewal(site, runtime.scripts.of)
        try:
            publication, is_new = _append(runtime, draft)
        except Unavailable as exc:
            failures.append(exc)
        else:
            renewed += [publication] if is_new else []
    return renewed, failures


def _append(runtime: Runtime, draft: Publishing) -> tuple[Publication, bool]:
    before = _newest(runtime, draft.site)
    body = runtime.writer.append(draft)
    if not isinstance(body, Publication):
        raise TypeError("a notice is published as a publication")
    return body, before is None or body.number != before.number


def origin_of(settings: Settings, site: str) -> str:
    """Return the name under which a new ledger is signed: its scheme-less address."""
    return f"{settings.address.partition('://')[2]}/v1/{site}/ledger"


def in_force(runtime: Runtime, site: str) -> Publication:
    """Return the newest publication; raises UnknownSite."""
    newest = _newest(runtime, site)
    if newest is None:
        raise UnknownSite(site)
    return newest


def published(runtime: Runtime, site: str, version: int) -> Publication:
    """Return any publication of a site; raises UnknownSite or NotFound."""
    number = runtime.follower.state(site).published.get(version)
    if number is None:
        raise NotFound(f"{site} has no notice {version}")
    return runtime.ledger(site).publication(number)


def shown_under(runtime: Runtime, record: Record) -> Publication:
    """Return the newest publication of a record's version that precedes the record."""
    publication = published(runtime, record.site, record.notice)
    while publication.number > record.number and publication.renews is not None:
        publication = runtime.ledger(record.site).publication(publication.renews)
    return publication


def compare(runtime: Runtime, notice: Notice) -> Comparison:
    """Return what publishing this notice would change, and who is asked again."""
    return compared(_newest(runtime, notice.site), notice)


def switch(
    runtime: Runtime,
    site: str,
    *,
    purpose: str | None,
    vendor: str | None,
    lifted: bool,
) -> Suspension | None:
    """Suspend or resume a purpose or vendor; None if nothing changed.

    Raises UnknownSite, and InvalidChoice for a target that the notice lacks.
    """
    state = runtime.follower.state(site)
    if state.in_force is None:
        raise UnknownSite(site)
    target = _target(state.in_force, purpose, vendor)
    if (target not in state.suspended) is lifted:
        return None
    body = runtime.writer.append(
        suspensions.Switch(site=site, purpose=purpose, vendor=vendor, lifted=lifted)
    )
    return body if isinstance(body, Suspension) else None


def _target(terms: Terms, purpose: str | None, vendor: str | None) -> str:
    if (purpose is None) is (vendor is None):
        raise InvalidChoice("expected a purpose or a vendor, one of the two")
    if purpose is not None:
        _require(purpose, terms.optional)
        return purpose
    _require(str(vendor), terms.vendors)
    return f":{vendor}"


def _require(name: str, known: Collection[str]) -> None:
    if name not in known:
        raise InvalidChoice(f"expected one of {', '.join(known)}, got {name!r}")


def _newest(runtime: Runtime, site: str) -> Publication | None:
    try:
        return runtime.follower.state(site).publication
    except UnknownSite:
        return None
