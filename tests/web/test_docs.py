from pathlib import Path

import pytest

from consent.domain.vocabulary import Reason

DOCS = Path(__file__).parents[2] / "docs" / "http.md"


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_documented(reason):
    assert f"`{reason}`" in DOCS.read_text("utf-8")
