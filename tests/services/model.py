"""A ledger in plain words: lists, sets and whole numbers, and none of our own code.

It knows a site with three optional purposes under opt-in: `analytics` and
`marketing` need consent, `audience` runs until somebody objects.
"""

from dataclasses import dataclass, field

DAY = 86_400
PURPOSES = ("analytics", "marketing", "audience")
NO = {"analytics": "refused", "marketing": "refused", "audience": "objected"}
IN_FORCE, WITHDRAWN, SUPERSEDED = 0, 1, 3


@dataclass
class Made:
    """A decision: a yes or not, and the number, version and second that made it."""

    yes: bool
    number: int
    version: int
    at: float


@dataclass
class Line:
    """An entry; `has_content` until it is erased or purged."""

    kind: str
    at: float
    action: str = ""
    who: str | None = None
    key: str = ""
    previous: int | None = None
    terms: int = 0
    made: dict[str, Made] = field(default_factory=dict)
    has_content: bool = True


@dataclass(frozen=True)
class Token:
    """A token that somebody was given, and all that it may be checked by."""

    number: int | None
    terms: int
    allowed: frozenset[str]
    expires: int


@dataclass
class Version:
    """A published notice."""

    number: int
    words: tuple[str, int, int]
    since: int
    term_days: int


@dataclass
class Model:
    """What has to be true of one site after everything that was done to it."""

    proof_days: int
    lines: list[Line] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    heads: dict[str, int] = field(default_factory=dict)
    versions: list[Version] = field(default_factory=list)
    suspended: set[str] = field(default_factory=set)
    purged_below: int = 0

    @property
    def size(self) -> int:
        """How many entries there are."""
        return len(self.lines)

    def publish(self, words: tuple[str, int, int], now: float) -> None:
        """Publish words, the edition of analytics, and the term in days."""
        newest = self.versions[-1] if self.versions else None
        if newest and newest.words == words:
            return
        _, edition, term_days = words
        is_raised = newest is None or edition > newest.words[1]
        since = len(self.versions) + 1 if is_raised else newest.since
        self.versions.append(Version(self.size, words, since, term_days))
        self._add(Line("publication", now), WITHDRAWN)

    def choose(self, who, named, key, now, *, after) -> int | None:
        """Record yes and no to the purposes named; None if the key was used."""
        head = self._head(who)
        held = head.made if head else {}
        taken = {
            purpose: yes
            for purpose, yes in named.items()
            if not (yes and self._no_after(held.get(purpose), after))
        }
        is_nobody = head is None and not any(named.values())
        line = Line(
            "record",
            now,
            who=None if is_nobody else who,
            key=key,
            previous=self.heads.get(who),
            terms=self._terms(head, named),
            made=self._kept(head) | self._made(taken, now),
        )
        line.action = self._action(head, line.made)
        return self._record(line)

    def withdraw(self, who, purposes, key, now, shown) -> int:
        """Take consent back, for some purposes or all."""
        head = self._head(who)
        named = dict.fromkeys(purposes or PURPOSES, False)
        line = Line(
            "record",
            now,
            action="withdrawn",
            who=who if head else None,
            key=key,
            previous=self.heads.get(who),
            terms=self._terms(head, named, shown),
            made=self._kept(head) | self._made(named, now),
        )
        return self._record(line)

    def erase(self, who, now) -> list[int]:
        """Remove all that somebody still has; return the numbers."""
        gone = [
            number
            for number, line in enumerate(self.lines)
            if line.who == who and line.has_content
        ]
        if gone:
            self._remove(gone)
            self.heads.pop(who, None)
            self._add(Line("erasure", now), WITHDRAWN)
            for number in gone:
                self.statuses[number] = WITHDRAWN
        return gone

    def purge(self, now) -> None:
        """Remove every record that is older than the longest term and the proof."""
        days = max(version.term_days for version in self.versions) + self.proof_days
        below = sum(line.at < now - days * DAY for line in self.lines)
        old = [
            number
            for number, line in enumerate(self.lines[:below])
            if line.kind == "record" and line.has_content
        ]
        if below <= self.purged_below or not old:
            return
        self._remove(old)
        self.heads = {who: n for who, n in self.heads.items() if n >= below}
        self.purged_below = below
        self._add(Line("retention", now), WITHDRAWN)
        self.statuses[:below] = [WITHDRAWN] * below

    def switch(self, purpose, now, *, lifted) -> bool:
        """Suspend or resume a purpose; tell whether that changed anything."""
        if (purpose in self.suspended) is not lifted:
            return False
        self.suspended ^= {purpose}
        self._add(Line("suspension", now), WITHDRAWN)
        return True

    def used(self, key) -> int | None:
        """Return the number of the record that used a key, while it is known."""
        for number, line in enumerate(self.lines):
            if line.key == key and line.has_content:
                return number
        return None

    def token(self, number) -> Token:
        """Return what the token of a record states."""
        line = self.lines[number]
        allowed = {p for p, made in line.made.items() if made.yes}
        if "audience" not in line.made:
            allowed.add("audience")
        if line.who is None:
            allowed -= line.made.keys()
        term = self.versions[line.terms - 1].term_days * DAY
        grants = [made.at for made in line.made.values() if made.yes]
        started = int(min(grants, default=line.at))
        if line.who is None:
            started = started // DAY * DAY
        shown = None if line.who is None else number
        return Token(shown, line.terms, frozenset(allowed), started + term)

    def reason(self, token: Token, purpose: str, now: float) -> str:
        """Return the reason of a check."""
        if purpose in self.suspended:
            return "suspended"
        if now >= token.expires:
            return "expired"
        if purpose == "analytics" and token.terms < self.versions[-1].since:
            return "outdated"
        is_allowed = purpose in token.allowed
        if token.number is None:
            return "default" if is_allowed else "refused"
        status = self.statuses[token.number]
        if status != IN_FORCE:
            return "withdrawn" if status == WITHDRAWN else "superseded"
        return "granted" if is_allowed else NO[purpose]

    def _record(self, line: Line) -> int:
        is_withdrawal = line.action == "withdrawn"
        if line.previous is not None:
            self.statuses[line.previous] = WITHDRAWN if is_withdrawal else SUPERSEDED
        self._add(line, WITHDRAWN if line.who is None else IN_FORCE)
        if line.who is not None:
            self.heads[line.who] = self.size - 1
        return self.size - 1

    def _add(self, line: Line, status: int) -> None:
        self.lines.append(line)
        self.statuses.append(status)

    def _remove(self, numbers) -> None:
        for number in numbers:
            self.lines[number].has_content = False

    def _head(self, who) -> Line | None:
        return self.lines[self.heads[who]] if who in self.heads else None

    def _made(self, named, now) -> dict[str, Made]:
        version = len(self.versions)
        return {p: Made(yes, self.size, version, now) for p, yes in named.items()}

    def _kept(self, head) -> dict[str, Made]:
        made = head.made if head else {}
        return {p: one for p, one in made.items() if one.version >= self._since(p)}

    def _since(self, purpose) -> int:
        return self.versions[-1].since if purpose == "analytics" else 1

    def _no_after(self, made, after) -> bool:
        return made is not None and not made.yes and made.number > after

    def _terms(self, head, named, shown=0) -> int:
        held = head.terms if head else shown
        newest = max(map(self._since, named))
        return len(self.versions) if newest > held else held

    def _action(self, head, made) -> str:
        before = {p for p, one in self._kept(head).items() if one.yes}
        now = {p for p, one in made.items() if one.yes}
        if head is None:
            return "given" if now else "refused"
        if before > now:
            return "withdrawn"
        return "changed" if now else "refused"
