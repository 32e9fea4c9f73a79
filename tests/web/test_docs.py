"""What docs/http.md tells is what there is."""

import re
from pathlib import Path

import pytest

from consent import errors
from consent.domain.vocabulary import Reason
from consent.errors import ConsentError
from consent.web.errors import status_of
from tests.web.routes import lane_routes

DOCS = (Path(__file__).parents[2] / "docs" / "http.md").read_text("utf-8")
# A call in the first cell of a table, or in the line of its own that a check has.
CALL = re.compile(r"^(?:\| `[A-Z]+|    any method) +(/[^\s`\[]*)", re.MULTILINE)
PAGE_FORMS = "/{site}/preferences/"


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_documented(reason):
    assert f"`{reason}`" in DOCS


def test_every_address_is_documented_and_no_other(app):
    of_pages = {as_documented(rule.rule) for rule in app.url_map.iter_rules()}
    of_lane = {"/".join(segments) for segments in lane_routes()}
    told = {address for address in of_pages if not address.startswith(PAGE_FORMS)}

    assert {*CALL.findall(DOCS)} == told | of_lane


def as_documented(rule):
    """Return the rule of an address with what varies in braces."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)


def every_error():
    """Return each error that is answered with a status of its own, and that one."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    found = [
        (int(status_of(kind.__new__(kind))), kind.code)
        for kind in kinds
        if issubclass(kind, ConsentError)
    ]
    return [one for one in found if one[0] != 500] + [(500, ConsentError.code)]


def test_every_error_is_documented_with_its_status_and_no_other():
    rows = re.findall(r"^\| ([45]\d\d) \| ([^|]*)\|", DOCS, re.MULTILINE)
    told = [(int(status), code) for status, cell in rows for code in codes(cell)]

    assert sorted(told) == sorted(every_error())


def codes(cell):
    """Return what a cell has between backticks."""
    return re.findall(r"`([^`]*)`", cell)
