"""Site files: YAML in, a notice out, or every fault with its line."""

import json
import pathlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema
import msgspec
import yaml

from consent.domain.lint import faults
from consent.domain.notices import Notice
from consent.errors import InvalidSite, Problem

Path = tuple[str | int, ...]
_END = r"$(?!\n)"
MOST_NODES = 100_000
"""More values than any honest site file has, aliases unfolded."""


@cache
def schema() -> dict[str, Any]:
    """Return the published JSON Schema (2020-12) of site files, made from Notice."""
    made: dict[str, Any] = msgspec.json.schema(Notice)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return head | {"title": "Site file of the consent service"} | made


def read(path: pathlib.Path) -> Notice:
    """Return the notice of a site file on disk; raises InvalidSite."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        problem = Problem("site file", f"expected readable UTF-8: {exc}")
        raise InvalidSite([problem], str(path)) from exc
    return load(text, str(path))


def load(text: str, file: str = "") -> Notice:
    """Return the notice that a site file describes.

    Raises InvalidSite with every fault found: file, line, field, what is expected.
    """
    root, data = _parsed(text, file)
    problems = [*_schema_problems(data)]
    if not problems:
        notice = msgspec.convert(data, Notice)
        problems = [*faults(notice)]
    if problems:
        placed = [
            Problem(_dotted(path), expected, _line(root, path))
            for path, expected in problems
        ]
        raise InvalidSite(placed, file)
    return notice


def _parsed(text: str, file: str) -> tuple[yaml.Node | None, object]:
    """Return YAML as nodes, which know their lines, and as what JSON could say."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        _require_plain(root, file)
        plain = json.dumps(yaml.safe_load(text), default=str, ensure_ascii=False)
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


def _schema_problems(data: object) -> Iterator[tuple[Path, str]]:
    validator = jsonschema.Draft202012Validator(schema())
    for error in validator.iter_errors(data):
        deepest = _deepest(error)
        yield tuple(deepest.absolute_path), _expected(deepest)


def _deepest(error: jsonschema.ValidationError) -> jsonschema.ValidationError:
    """Follow alternatives to the fault that matters: the one furthest in."""
    best = jsonschema.exceptions.best_match(error.context) if error.context else None
    return _deepest(best) if best is not None else error


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
