"""The tests of the JavaScript modules, run by node's own test runner."""

from tests.packaging.tools import ROOT, succeeds, tool


def test_javascript_modules_pass_their_own_tests():
    files = sorted((ROOT / "tests" / "js").glob("**/*.test.*js"))

    assert files
    succeeds([tool("node"), "--test", *files], ROOT)
