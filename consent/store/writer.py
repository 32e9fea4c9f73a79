"""One transaction that appends a batch: the only place that inserts entries.

Order matters: lock the sites, then see which keys are new, then read heads,
then insert and count. Counting first would leave gaps when a retry is answered
from a record that is there; heads read with the lock would be stale.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.dialects import postgresql

from consent.domain import entries, publications, removals, suspensions, webhooks
from consent.domain.choices import Act, Choice, Withdrawal
from consent.domain.entries import AnyBody, Publication, Record
from consent.domain.instants import microseconds
from consent.domain.publications import Publishing
from consent.errors import ConsentError, KeyReused, UnknownRecord, UnknownSite
from consent.store import outbox, tables
from consent.store.rows import Values, insert_rows

Removal = removals.Erase | removals.Purge
Draft = Choice | Withdrawal | Publishing | suspensions.Switch | Removal
Outcome = AnyBody | ConsentError


class Growth(NamedTuple):
    """What was appended to a ledger, and when the entry before it was made."""

    site: str
    origin: str
    size: int
    after: datetime
    bodies: Sequence[AnyBody]


class Appended(NamedTuple):
    """What became of each draft, and by what each ledger grew."""

    outcomes: list[Outcome]
    growth: list[Growth]


@dataclass
class _Site:
    """A locked site, and what the batch has drawn up for it so far."""

    site_id: int
    size: int
    at: datetime
    newest_publication: int | None
    publication: Publication | None = None
    by_key: dict[bytes, Record] = field(default_factory=dict)
    heads: dict[bytes, Record] = field(default_factory=dict)
    known_subjects: set[bytes] = field(default_factory=set)
    drawn: list[AnyBody] = field(default_factory=list)
    inserted: list[AnyBody] = field(default_factory=list)

    def take(self, draft: Draft, now: datetime, gone: Sequence[int] = ()) -> Outcome:
        """Draw up the entry a draft asks for, or find the one that answers it.

        `gone` names the records whose contents a removal has just deleted.
        """
        if isinstance(draft, Act):
            return self._take_act(draft, now)
        if isinstance(draft, Publishing):
            following = draft.following(self.publication, self.next, self._time(now))
            if following is None:
                return self.publication  # type: ignore[return-value]
            self.publication = following
            self.newest_publication = following.number
            return self._draw(following)
        if isinstance(draft, Removal):
            return self._take_removal(draft, gone, now)
        return self._draw(draft.following(None, self.next, self._time(now)))

    def _take_removal(
        self, draft: Removal, gone: Sequence[int], now: datetime
    ) -> Outcome:
        if not gone:
            return UnknownRecord("there is nothing to remove (any more)")
        self.heads = {s: h for s, h in self.heads.items() if h.number not in gone}
        self.known_subjects &= self.heads.keys()
        return self._draw(draft.following(gone, self.next, self._time(now)))

    @property
    def next(self) -> int:
        """The next number without gap."""
        return self.size + len(self.drawn)

    def _take_act(self, draft: Choice | Withdrawal, now: datetime) -> Outcome:
        known = self.by_key.get(draft.key)
        if known:
            same = known.command == draft.command()
            return known if same else KeyReused(draft.key)
        head = self.heads.get(draft.subject) if draft.subject else None
        record = draft.following(head, self.next, self._time(now))
        self.by_key[record.key] = record
        if record.subject:
            self.heads[record.subject] = record
        return self._draw(record)

    def _draw(self, body: AnyBody) -> AnyBody:
        self.drawn.append(body)
        self.at = body.at
        return body

    def _time(self, now: datetime) -> datetime:
        return max(now, self.at)


def append(connection: Connection, drafts: Sequence[Draft], now: datetime) -> Appended:
    """Append what a batch asks for, in its order.

    A draft whose key was used before is answered by the record that used it.
    """
    _create(connection, drafts, now)
    rows = _lock(connection, {draft.site for draft in drafts})
    sites = {
        row.key: _Site(row.site_id, row.size, row.at, row.publication) for row in rows
    }
    for key, site in sites.items():
        _read(connection, site, [draft for draft in drafts if draft.site == key])
    outcomes = [_take(connection, sites.get(d.site), d, now) for d in drafts]
    for site in sites.values():
        _insert(connection, site)
    growth = [
        Growth(row.key, row.origin, row.size, row.at, sites[row.key].inserted)
        for row in rows
    ]
    return Appended(outcomes, growth)


def _take(
    connection: Connection, site: _Site | None, draft: Draft, now: datetime
) -> Outcome:
    if site is None:
        return UnknownSite(draft.site)
    if not isinstance(draft, Removal):
        return site.take(draft, now)
    # What was drawn up before it in this batch may be what has to go.
    _insert(connection, site)
    return site.take(draft, now, _remove(connection, site.site_id, draft))


def _remove(connection: Connection, site_id: int, draft: Removal) -> list[int]:
    """Delete contents, and the heads among them; return the numbers they had."""
    content, head = tables.content, tables.head
    if isinstance(draft, removals.Erase):
        gone = _chain(connection, site_id, draft.subject)
        mine = (head.c.site_id == site_id) & (head.c.subject == draft.subject)
        connection.execute(delete(head).where(mine))
        if gone:
            rows = [{"of_site": site_id, "gone": number} for number in gone]
            connection.execute(_DROP, rows)
        return gone
    # Only records have a key: nothing else is ever purged.
    mine = (content.c.site_id == site_id) & (content.c.number < draft.below)
    records = mine & content.c.key.is_not(None)
    gone = list(connection.scalars(select(content.c.number).where(records)))
    subjects = select(content.c.subject).where(records, content.c.subject.is_not(None))
    heads = head.c.subject.in_(subjects) & (head.c.number < draft.below)
    connection.execute(delete(head).where(head.c.site_id == site_id, heads))
    connection.execute(delete(content).where(records))
    return gone


def _chain(connection: Connection, site_id: int, subject: bytes) -> list[int]:
    """Return the numbers of the records that a subject still has, oldest first."""
    content, head = tables.content, tables.head
    newest = select(head.c.number).where(
        head.c.site_id == site_id, head.c.subject == subject
    )
    chain = newest.cte("chain", recursive=True)
    earlier = select(content.c.previous).where(
        content.c.site_id == site_id,
        content.c.number == chain.c.number,
        content.c.previous.is_not(None),
    )
    chain = chain.union_all(earlier)
    kept = select(content.c.number).join(chain, chain.c.number == content.c.number)
    return sorted(connection.scalars(kept.where(content.c.site_id == site_id)))


def _create(connection: Connection, drafts: Iterable[Draft], now: datetime) -> None:
    """Create the sites that are published for the first time."""
    origins = {d.site: d.origin for d in drafts if isinstance(d, publications.Draft)}
    if not origins:
        return
    known = select(tables.site.c.key).where(tables.site.c.key.in_(origins))
    new = origins.keys() - set(connection.scalars(known))
    if new:
        rows = [
            {"key": key, "size": 0, "at": now, "origin": origins[key]}
            for key in sorted(new)
        ]
        # Another process may be creating the same site: it waits, then finds it.
        create = postgresql.insert(tables.site).on_conflict_do_nothing()
        connection.execute(create, rows)


def _lock(connection: Connection, keys: Iterable[str]) -> Sequence[Row[Any]]:
    """Lock the batch's sites, always in the same order."""
    return connection.execute(_LOCK, {"keys": list(keys)}).all()


def _read(connection: Connection, site: _Site, drafts: Sequence[Draft]) -> None:
    """Read what the drafts of one site follow: used keys, heads, the publication."""
    acts = [draft for draft in drafts if isinstance(draft, Act)]
    mine = {"of_site": site.site_id}
    used = _records(connection, _USED, mine | {"keys": {act.key for act in acts}})
    site.by_key = {record.key: record for record in used}
    subjects = {act.subject for act in acts if act.subject}
    heads = _records(connection, _HEADS, mine | {"subjects": subjects})
    site.heads = {head.subject: head for head in heads if head.subject}
    site.known_subjects = set(site.heads)
    if len(acts) < len(drafts) and site.newest_publication is not None:
        newest = mine | {"newest": site.newest_publication}
        body = entries.decode(connection.scalars(_NEWEST, newest).one())
        site.publication = body if isinstance(body, Publication) else None


def _records(
    connection: Connection, bodies: Select[bytes], of: dict[str, object]
) -> Iterator[Record]:
    for body in map(entries.decode, connection.scalars(bodies, of)):
        if isinstance(body, Record):
            yield body


def _insert(connection: Connection, site: _Site) -> None:
    """Insert what was drawn up for a site, and count it."""
    if not site.drawn:
        return
    sealed = [_seal(site.site_id, body) for body in site.drawn]
    insert_rows(connection, tables.entry, [entry for entry, _ in sealed])
    insert_rows(connection, tables.content, [content for _, content in sealed])
    _move_heads(connection, site)
    told = (body.number for body in site.drawn if webhooks.message_of(body))
    outbox.add(connection, site.site_id, told, site.at)
    counted = {
        "of_site": site.site_id,
        "size": site.next,
        "at": site.at,
        "publication": site.newest_publication,
    }
    connection.execute(_COUNT, counted)
    site.size = site.next
    site.inserted += site.drawn
    site.drawn = []


def _seal(site_id: int, body: AnyBody) -> tuple[Values, Values]:
    """Return the rows of an entry and its content, bound by a fresh salt."""
    text = entries.encode(body)
    salt = secrets.token_bytes(entries.SALT_BYTES)
    commitment = entries.commitment(text, salt)
    place, at = (site_id, body.number), microseconds(body.at)
    entry = (*place, entries.kind_of(body), at, commitment)
    if isinstance(body, Record):
        return entry, (*place, body.subject, body.previous, body.key, text, salt)
    return entry, (*place, None, None, None, text, salt)


def _move_heads(connection: Connection, site: _Site) -> None:
    newest = {
        body.subject: body.number
        for body in site.drawn
        if isinstance(body, Record) and body.subject
    }
    moved = [
        {"of_site": site.site_id, "of": subject, "to": number}
        for subject, number in newest.items()
        if subject in site.known_subjects
    ]
    fresh = [
        (site.site_id, subject, number)
        for subject, number in newest.items()
        if subject not in site.known_subjects
    ]
    if moved:
        connection.execute(_MOVE, moved)
    if fresh:
        insert_rows(connection, tables.head, fresh)
    site.known_subjects.update(newest)


# Statements are built once: for a short batch that costs more than running them.
_LOCK = (
    select(tables.site)
    .where(tables.site.c.key.in_(bindparam("keys", expanding=True)))
    .order_by(tables.site.c.site_id)
    .with_for_update()
)
_BODIES = select(tables.content.c.body).where(
    tables.content.c.site_id == bindparam("of_site")
)
_USED = _BODIES.where(tables.content.c.key.in_(bindparam("keys", expanding=True)))
_HEADS = _BODIES.join(
    tables.head,
    (tables.head.c.site_id == tables.content.c.site_id)
    & (tables.head.c.number == tables.content.c.number),
).where(tables.head.c.subject.in_(bindparam("subjects", expanding=True)))
_NEWEST = _BODIES.where(tables.content.c.number == bindparam("newest"))
_COUNT = (
    update(tables.site)
    .where(tables.site.c.site_id == bindparam("of_site"))
    .values(
        size=bindparam("size"), at=bindparam("at"), publication=bindparam("publication")
    )
)
_MOVE = (
    update(tables.head)
    .where(
        tables.head.c.site_id == bindparam("of_site"),
        tables.head.c.subject == bindparam("of"),
    )
    .values(number=bindparam("to"))
)
_DROP = delete(tables.content).where(
    tables.content.c.site_id == bindparam("of_site"),
    tables.content.c.number == bindparam("gone"),
)
