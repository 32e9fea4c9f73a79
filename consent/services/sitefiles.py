"""Site files: YAML in, a notice out, or every fault with its line."""

import json
import pathlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

import jsonschema
import msgspec
import yaml

from consent.domain import forbidden
from consent.domain.lint import Fault, faults, warnings
from consent.domain.notices import Notice
from consent.errors import InvalidSite, Problem

Path = tuple[str | int, ...]
_END = r"$(?!\n)"
_FORMATS = jsonschema.FormatChecker(["date"])
MOST_NODES = 100_000
"""More values than any honest site file has, aliases unfolded."""


class Reading(NamedTuple):
    """The notice of a site file, and what its operator should look at again."""

    notice: Notice
    warnings: tuple[Problem, ...]


class _Loader(yaml.SafeLoader):
    """Plain YAML in which NO is a country and no `no`."""


_BOOL = "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != _BOOL]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    _BOOL,
    re.compile(r"(?:yes|Yes|YES|no|No|[Tt]rue|TRUE|[Ff]alse|FALSE|on|On|[Oo]ff|OFF)$"),
    list("yYnNtTfFoO"),
)


@cache
def schema() -> dict[str, Any]:
    """Return the published JSON Schema (2020-12) of site files, made from Notice."""
    made: dict[str, Any] = msgspec.json.schema(Notice)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return head | {"title": "Site file of the consent service"} | made


def read(path: pathlib.Path) -> Reading:
    """Return what a site file on disk says; raises InvalidSite."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        problem = Problem("site file", f"expected readable UTF-8: {exc}")
        raise InvalidSite([problem], str(path)) from exc
    return _reading(text, str(path))


def load(text: str, file: str = "") -> Notice:
    """Return the notice that a site file describes.

    Raises InvalidSite with every fault found: file, line, field, what is expected.
    """
    return _reading(text, file).notice


def _reading(text: str, file: str) -> Reading:
    root, data = _parsed(text, file)
    problems = _placed(_schema_problems(data), root)
    if not problems:
        notice = msgspec.convert(data, Notice)
        problems = _placed(faults(notice), root)
    if problems:
        raise InvalidSite(problems, file)
    return Reading(notice, tuple(_placed(warnings(notice), root)))


def _placed(found: Iterable[Fault], root: yaml.Node | None) -> list[Problem]:
    return [
        Problem(_dotted(path), expected, _line(root, path)) for path, expected in found
    ]


def _parsed(text: str, file: str) -> tuple[yaml.Node | None, object]:
    """Return YAML as nodes, which know their lines, and as what JSON could say."""
    try:
        root = yaml.compose(text, Loader=_Loader)
        _require_plain(root, file)
        data = yaml.load(text, _Loader)  # noqa: S506 - a safe loader too
        plain = json.dumps(data, default=str, ensure_ascii=False)
        # Encoded, because half a character passes for text until it is written.
        return root, json.loads(plain.encode(), parse_float=_number)
    except yaml.MarkedYAMLError as exc:
        line = exc.problem_mark.line + 1 if exc.problem_mark else None
        problem = Problem("YAML", str(exc.problem or exc.context), line)
        raise InvalidSite([problem], file) from exc
    except (yaml.YAMLError, TypeError, ValueError, RecursionError) as exc:
        problem = Problem("YAML", f"expected plain data: {exc}")
        raise InvalidSite([problem], file) from exc


def _require_plain(root: yaml.Node | None, file: str) -> None:
    """Raise InvalidSite for a key given twice, or aliases that unfold too far."""
    left = MOST_NODES
    waiting = [root] if root else []
    while waiting:
        node = waiting.pop()
        left -= 1
        if left < 0:
            problem = Problem("YAML", f"expected at most {MOST_NODES} values")
            raise InvalidSite([problem], file)
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            _require_once([key for key, _ in node.value], file)
            waiting += (value for _, value in node.value)


def _require_once(keys: list[yaml.Node], file: str) -> None:
    seen: set[object] = set()
    for key in keys:
        if isinstance(key, yaml.ScalarNode):
            if key.value in seen:
                line = key.start_mark.line + 1
                problem = Problem(key.value, "expected once, is given twice", line)
                raise InvalidSite([problem], file)
            seen.add(key.value)


def _number(text: str) -> float | int:
    """Return 182 for 182.0, as JSON Schema reads it."""
    value = float(text)
    return int(value) if value.is_integer() else value


def _schema_problems(data: object) -> Iterator[Fault]:
    validator = jsonschema.Draft202012Validator(schema(), format_checker=_FORMATS)
    for error in chain.from_iterable(map(_meant, validator.iter_errors(data))):
        path = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            yield from _unknown_fields(path, error.schema, error.instance)
        else:
            yield path, _expected(error)


def _unknown_fields(path: Path, part: Any, given: Any) -> Iterator[Fault]:
    known = part["properties"]
    for name, value in given.items():
        if name not in known:
            allowed = f"expected one of {', '.join(known)}"
            banned = [*forbidden.faults((*path, name), value)]
            yield from banned or [((*path, name), allowed)]


def _meant(error: jsonschema.ValidationError) -> Iterator[jsonschema.ValidationError]:
    """Yield the faults of the alternative that was meant: the one of the kind given."""
    alternatives = error.context or []
    meant = [e for e in alternatives if e.validator != "type" or e.relative_path]
    if meant:
        yield from (deeper for one in meant for deeper in _meant(one))
    else:
        yield jsonschema.exceptions.best_match(alternatives) or error


def _expected(error: jsonschema.ValidationError) -> str:
    found: str = json.dumps(error.instance)
    wanted: Any = error.validator_value
    match error.validator:
        case "enum":
            allowed = ", ".join(map(str, wanted))
            return f"expected one of {allowed}, got {found}"
        case "type":
            return f"expected {wanted}, got {found}"
        case "pattern":
            return f"expected text like {wanted.removesuffix(_END)}, got {found}"
        case "format":
            return f"expected a {wanted} like 2026-05-31, got {found}"
        case "minimum" | "maximum":
            least_or_most = "least" if error.validator == "minimum" else "most"
            return f"expected at {least_or_most} {wanted}, got {found}"
        case _:
            return error.message


def _dotted(path: Path) -> str:
    text = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path)
    return text.removeprefix(".") or "site file"


def _line(node: yaml.Node | None, path: Path) -> int | None:
    """Return the line of the field at path, or of the nearest one around it."""
    line = node.start_mark.line + 1 if node else None
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == step), None)
            if found is None:
                return line
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line
