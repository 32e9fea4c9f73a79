"""What is vendored is what its makers published, to the byte."""

import hashlib

import pytest

from tests.packaging.tools import ROOT

# dist/htmx.min.js of the npm package htmx.org 2.0.11.
HTMX = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"


@pytest.mark.parametrize("folder", ["vendor", "dist"])
def test_htmx_is_the_file_of_the_npm_package(folder):
    content = (ROOT / "static" / folder / "htmx-2.0.11.js").read_bytes()

    assert hashlib.sha256(content).hexdigest() == HTMX
