"""The addresses that the lane answers, read from its own match statement."""

import ast
import inspect
import textwrap

from consent.web import lane


def lane_routes():
    """Return each address as its segments; what varies is in braces."""
    source = textwrap.dedent(inspect.getsource(lane.Lane._route))
    cases = [
        node for node in ast.walk(ast.parse(source)) if type(node) is ast.match_case
    ]
    routes = [segments for case in cases for segments in expanded(case)]
    assert ["", "v1", "{site}", "records"] in routes
    return routes


def expanded(case):
    """Return the addresses of one case; a guard names what its last segment may be."""
    segments = [segment(one) for one in case.pattern.patterns if named(one)]
    if case.guard is None:
        return [segments]
    acts = getattr(lane, case.guard.comparators[0].id)
    return [[*segments[:-1], act] for act in acts]


def named(pattern):
    """Tell whether a pattern is one segment, rather than all that may follow."""
    return not isinstance(pattern, ast.MatchStar)


def segment(pattern):
    """Return a segment as it is written, or as the name that it is given."""
    if isinstance(pattern, ast.MatchValue):
        return pattern.value.value
    return f"{{{pattern.name}}}"
