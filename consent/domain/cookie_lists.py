"""The cookies of a notice as lists that can be searched and put in order."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from consent.domain.notices import Cookie, Notice, Purpose, Vendor

_DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "month": 30.44, "year": 365.24}


class Order(StrEnum):
    """What a list can be put in order by."""

    NAME = "name"
    PROVIDER = "provider"
    LIFETIME = "lifetime"
    KIND = "kind"


class Line(NamedTuple):
    """A declared cookie, and who sets it."""

    cookie: Cookie
    vendor: Vendor


@dataclass(frozen=True)
class Search:
    """What a reader looks for, and in what order; nothing stands for all of it."""

    words: str = ""
    order: Order | None = None
    descending: bool = False


EVERYTHING = Search()


def lines(
    notice: Notice, purpose: Purpose, locale: str, search: Search = EVERYTHING
) -> list[Line]:
    """Return the cookies of a purpose that a search finds, in its order."""
    found = [
        line
        for line in _declared(notice, purpose)
        if _is_meant(line, search.words, purpose, locale)
    ]
    if search.order is not None:
        order = search.order
        found.sort(key=lambda line: _rank(line, order), reverse=search.descending)
    return found


def vendors(
    notice: Notice, found: Iterable[Collection[Line]], search: Search
) -> list[Vendor]:
    """Return the vendors that go with what was found: without words, all of them."""
    named = {line.vendor.id for lines in found for line in lines}
    return [one for one in notice.vendors if one.id in named or not search.words]


def _declared(notice: Notice, purpose: Purpose) -> Iterator[Line]:
    for vendor in notice.vendors_of(purpose.id):
        for cookie in vendor.cookies:
            if cookie.purpose == purpose.id:
                yield Line(cookie, vendor)


def _is_meant(line: Line, words: str, purpose: Purpose, locale: str) -> bool:
    """Tell whether each word is told of a cookie, or fits the pattern of its name."""
    cookie, vendor = line
    told = (cookie.name, cookie.description[locale], vendor.name, purpose.title[locale])
    text = "\n".join(told).casefold()
    return all(
        word.casefold() in text or _stands_for(cookie.name, word)
        for word in words.split()
    )


def _stands_for(name: str, word: str) -> bool:
    pattern = re.escape(name).replace(r"\*", ".*")
    return "*" in name and re.fullmatch(pattern, word) is not None


def _rank(line: Line, order: Order) -> tuple[object, ...]:
    cookie, vendor = line
    ranks: dict[Order, tuple[object, ...]] = {
        Order.NAME: (),
        Order.PROVIDER: (vendor.name.casefold(),),
        Order.LIFETIME: (_days(cookie.lifetime),),
        Order.KIND: (cookie.type, cookie.party),
    }
    return *ranks[order], cookie.name.casefold()


def _days(lifetime: str) -> float:
    """Return about how long a lifetime is; a session is shorter than anything."""
    if lifetime == "session":
        return 0
    if lifetime == "persistent":
        return float("inf")
    number, unit = lifetime.split()
    return int(number) * _DAYS[unit.removesuffix("s")]
