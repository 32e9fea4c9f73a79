"""The OpenAPI document, from the table of calls and the types that they name."""

import re
from collections import defaultdict
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import msgspec

from consent.errors import ConsentError
from consent.web.answers import Problem
from consent.web.errors import PROBLEM_JSON, status_of, type_of
from consent.web.openapi.operation import Answer, Operation, Parameter
from consent.web.openapi.operations import GROUPS
from consent.web.openapi.parts import PATH

Node = dict[str, Any]
Schemas = dict[Any, Node]
_REF = "#/components/schemas/{name}"
_ABOUT = (
    "Bodies may come as `text/plain` as well, for which browsers send no preflight. "
    "Errors are problem documents (RFC 9457); `detail` says what is expected."
)


@lru_cache(maxsize=1)
def document(address: str) -> Node:
    """Return the description of the API of the service at an address."""
    calls = [one for group in GROUPS.values() for one in group]
    types = {Problem, *(part.type for part in PATH.values())}
    types |= {one for call in calls for one in call.types}
    ordered = sorted(types, key=repr)
    found, components = msgspec.json.schema_components(ordered, ref_template=_REF)
    schemas = dict(zip(ordered, found, strict=True))
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Consent",
            "version": version("consent"),
            "summary": "What visitors allow, and what may fire.",
            "description": _ABOUT,
        },
        "servers": [{"url": address}],
        "tags": [{"name": name} for name in GROUPS],
        "paths": {
            call.path: {call.method: _operation(call, group, schemas)}
            for group, of_group in GROUPS.items()
            for call in of_group
        },
        "components": {
            "schemas": components,
            "securitySchemes": {"apiKey": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(call: Operation, group: str, schemas: Schemas) -> Node:
    answers = {str(int(one.status)): _answer(one, schemas) for one in call.answers}
    told: Node = {
        "operationId": "_".join([call.method, *re.findall(r"\w+", call.path)]),
        "tags": [group],
        "summary": call.summary,
        "parameters": _parameters(call, schemas),
        "responses": answers | _problems(call, schemas),
    }
    if call.about:
        told["description"] = call.about
    if call.body:
        sent = {"schema": schemas[call.body], "example": call.example}
        told["requestBody"] = {"required": True, "content": {"application/json": sent}}
    if call.key:
        # Where it is only taken, it answers more with a key, and without one as well.
        without: list[Node] = [{}] if call.key == "taken" else []
        told["security"] = [*without, {"apiKey": []}]
    return told


def _parameters(call: Operation, schemas: Schemas) -> list[Node]:
    of_path = [PATH[name] for name in re.findall(r"{(\w+)}", call.path)]
    return [
        _parameter(part, schemas)
        | {"name": part.name, "in": place, "required": part.required or place == "path"}
        for place, parts in (
            ("path", of_path),
            ("query", call.query),
            ("header", call.headers),
        )
        for part in parts
    ]


def _parameter(part: Parameter, schemas: Schemas) -> Node:
    told = {
        "description": part.about,
        "required": part.required,
        "schema": schemas[part.type],
    }
    return told if part.example is None else told | {"example": part.example}


def _answer(answer: Answer, schemas: Schemas) -> Node:
    told: Node = {"description": answer.about}
    if answer.type:
        told["content"] = {
            media_type: {
                "schema": schemas[str if "text/" in media_type else answer.type]
            }
            for media_type in answer.media_types
        }
    if answer.headers:
        told["headers"] = {one.name: _parameter(one, schemas) for one in answer.headers}
    return told


def _problems(call: Operation, schemas: Schemas) -> Node:
    """Return the errors of a call by their status, each with the types it may have."""
    by_status: defaultdict[str, list[type[ConsentError]]] = defaultdict(list)
    for kind in dict.fromkeys((*call.errors, ConsentError)):
        by_status[str(int(status_of(kind)))].append(kind)
    return {
        status: {
            "description": " ".join(f"`{k.code}`: {_about(k)}" for k in kinds),
            "content": {PROBLEM_JSON: {"schema": _problem(kinds, schemas)}},
        }
        for status, kinds in sorted(by_status.items())
    }


def _problem(kinds: list[type[ConsentError]], schemas: Schemas) -> Node:
    types = {"type": {"enum": [type_of(kind.code) for kind in kinds]}}
    return {"allOf": [schemas[Problem], {"properties": types}]}


def _about(kind: type[ConsentError]) -> str:
    if kind is ConsentError:
        return "A fault of ours."
    return (kind.__doc__ or "").partition("\n")[0]
