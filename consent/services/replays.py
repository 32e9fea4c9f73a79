"""Replay records: what a visitor was shown and chose, from the ledger alone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from consent.domain import replays
from consent.domain.entries import Made, Publication, Record, Script
from consent.domain.issuing import numbered_token
from consent.domain.replays import Layer, Shown
from consent.domain.tokens import Token
from consent.domain.vocabulary import How
from consent.errors import UnknownRecord
from consent.services import notices, subjects
from consent.services.defaults import default_of
from consent.services.languages import gettext_for
from consent.services.runtime import Runtime
from consent.services.scripts import script_of


class Fidelity(StrEnum):
    """How a replay compares with what was served."""

    EXACT = "exact"
    REDRAWN = "redrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Replay:
    """A record, the publication it was made under, and the banner that it answered.

    `shown` is None if no banner was. `config` is what the script was told, `script`
    and `dialog` its bytes and those of its dialog as this release builds them;
    `before` is the token that the visitor came with, as far as the ledger knows.
    """

    record: Record
    publication: Publication
    config: dict[str, Any]
    script: bytes
    dialog: bytes
    fidelity: Fidelity
    before: Token | None
    shown: Shown | None

    @property
    def acted_at(self) -> datetime:
        """When the visitor chose."""
        return acted_at(self.record)

    @property
    def chosen(self) -> list[tuple[str, Made]]:
        """Every decision that held then, named and in order as the notice has it."""
        locale, notice = self.record.locale, self.publication.notice
        titles = {purpose.id: purpose.title[locale] for purpose in notice.purposes}
        vendors = {vendor.id: vendor.name for vendor in notice.vendors}
        places = {name: place for place, name in enumerate(["", *titles, *vendors])}
        found = []
        for name, made in self.record.decisions.items():
            purpose, _, vendor = name.partition(":")
            words = [titles.get(purpose, purpose), vendors.get(vendor, vendor)]
            place = places.get(purpose, len(places)), places.get(vendor, len(places))
            found.append((place, ": ".join(filter(None, words)), made))
        found.sort(key=lambda one: one[:2])
        return [(words, made) for _, words, made in found]


def acted_at(record: Record) -> datetime:
    """Return when a visitor chose: before the record's own time if it came late."""
    return record.made_at or record.at


def replay(runtime: Runtime, site: str, number: int) -> Replay:
    """Return the replay of a record; raises UnknownSite or UnknownRecord."""
    runtime.follower.state(site)
    return _replay(runtime, runtime.ledger(site).record(number))


def own_replay(runtime: Runtime, site: str, number: int, secret: str | None) -> Replay:
    """Return the replay of a record of whoever holds this secret.

    Raises UnknownSite, and UnknownRecord for anybody else.
    """
    runtime.follower.state(site)
    if secret is None:
        raise UnknownRecord(f"{site} has no record {number} of yours")
    subject = subjects.holder(runtime, site, secret)
    return _replay(runtime, subjects.own_record(runtime, site, number, subject))


def _replay(runtime: Runtime, record: Record) -> Replay:
    publication = notices.shown_under(runtime, record)
    told, fidelity = _told(runtime, publication, record)
    config = told.config
    before = _came_with(runtime, record)
    now = acted_at(record).timestamp()
    layer = replays.layer_of(record)
    if layer is Layer.BOX and not replays.is_asked(config, before, now):
        # It asked all the same: the browser had lost its token, so it drew without.
        before = None
    regime, at = record.regime, acted_at(record)
    before = before or default_of(publication, regime, at, gpc=record.gpc)
    return Replay(
        record=record,
        publication=publication,
        config=config,
        script=runtime.scripts.built(config),
        dialog=runtime.scripts.dialog(told.details),
        fidelity=fidelity,
        before=before,
        shown=None
        if layer is None
        else replays.shown(told, layer, before=before, gpc=record.gpc, now=now),
    )


def said_of_fidelity(fidelity: Fidelity, locale: str) -> str:
    """Return in words how a replay compares with what was served."""
    _ = gettext_for(locale)
    if fidelity is Fidelity.EXACT:
        return _("Exactly what was served: the script is the one in the ledger.")
    if fidelity is Fidelity.REDRAWN:
        return _("The texts are the ledger's; this release draws them differently.")
    return _("The ledger holds no script here: this release writes and draws.")


def said_without_banner(record: Record, locale: str) -> str:
    """Return in words why a record shows no banner."""
    _ = gettext_for(locale)
    if record.how is How.PREFERENCES:
        return _("Made in the preference center: no banner was shown for it.")
    if record.how is How.API:
        return _("Made through the API: no banner was shown for it.")
    return _("The record names no layer of the banner, so none is drawn.")


def _told(
    runtime: Runtime, publication: Publication, record: Record
) -> tuple[Script, Fidelity]:
    """Return what the script was told, and whether this release's is that script."""
    asked = publication, record.locale, record.regime
    published = script_of(*asked)
    if published is None or not published.details:
        return runtime.scripts.script(*asked), Fidelity.UNKNOWN
    is_same = runtime.scripts.makes(published)
    return published, Fidelity.EXACT if is_same else Fidelity.REDRAWN


def _came_with(runtime: Runtime, record: Record) -> Token | None:
    """Return the token of the record before this one, if its content is kept."""
    if record.previous is None:
        return None
    try:
        previous = runtime.ledger(record.site).record(record.previous)
    except UnknownRecord:
        return None
    terms = runtime.follower.state(record.site).terms[previous.terms]
    return numbered_token(previous, terms)
