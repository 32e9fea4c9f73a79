"""What the README says about measurements."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
RESULTS = re.compile(
    r"<!-- results of make bench-browser -->\n(.+)<!-- end of results -->", re.DOTALL
)


def test_the_readme_quotes_the_browser_benchmark_as_it_is():
    quoted, measured = (
        RESULTS.search((ROOT / file).read_text("utf-8"))[1]
        for file in ("README.md", "benchmarks/browser/README.md")
    )

    assert quoted == measured
