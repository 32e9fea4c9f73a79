"""What is said of one call: what it takes, and what it answers."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

from consent.errors import ConsentError


@dataclass(frozen=True)
class Parameter:
    """A part of the address, of its query, or a header."""

    name: str
    about: str
    type: Any = str
    required: bool = False
    example: Any = None


@dataclass(frozen=True)
class Answer:
    """An answer that is no error; without a type it has no body."""

    about: str
    type: Any = None
    status: HTTPStatus = HTTPStatus.OK
    media_types: tuple[str, ...] = ("application/json",)
    headers: tuple[Parameter, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One call; `body` is the type that decodes what is sent."""

    method: str
    path: str
    summary: str
    answers: tuple[Answer, ...]
    errors: tuple[type[ConsentError], ...]
    about: str = ""
    query: tuple[Parameter, ...] = ()
    headers: tuple[Parameter, ...] = ()
    body: Any = None
    example: Any = None
    key: Literal["taken", "needed"] | None = None

    @property
    def types(self) -> list[Any]:
        """Every type whose schema it needs."""
        told = [self.body, *(part.type for part in (*self.query, *self.headers))]
        for answer in self.answers:
            told += [answer.type, *(header.type for header in answer.headers)]
        return [one for one in told if one is not None]
