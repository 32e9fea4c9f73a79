"""Measure our banner and others in turns, and write the table where it is read."""

import json
import os
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from playwright.sync_api import Browser

from benchmarks.browser import chart, report
from benchmarks.browser.banners import BANNERS, HERE, build_peers
from benchmarks.browser.checks import checked
from benchmarks.browser.measures import chromium, loaded, refused
from benchmarks.browser.serving import Pages, serving
from benchmarks.report import write_into
from examples.demo.places import ROOT

READERS = (HERE / "README.md", ROOT / "README.md")
CHART = ROOT / "docs" / "benchmarks-browser.svg"
Found = dict[str, dict[str, list[report.Value]]]


@click.command()
@click.option("--rounds", default=5, show_default=True)
@click.option("--json", "json_file", type=click.Path(path_type=Path))
def main(rounds: int, json_file: Path | None) -> None:
    """Measure each banner once in each round; write tables and a chart."""
    load = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} beforehand"
    with TemporaryDirectory() as name:
        folder = Path(name)
        with serving(folder, build_peers(folder)) as pages, chromium() as browser:
            found = measured(browser, pages, rounds)
            title = f"Chromium {browser.version}, {load}"
    results = report.over_page(found)
    table = report.markdown(results, title)
    click.echo(table)
    for reader in READERS:
        write_into(reader, "bench-browser", table)
    CHART.write_text(chart.svg(results), "utf-8")
    if json_file:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(json.dumps(found, indent=1), "utf-8")


def measured(browser: Browser, pages: Pages, rounds: int) -> Found:
    """Measure banners in turns, so that what disturbs one disturbs all."""
    found: Found = {key: defaultdict(list) for key in BANNERS}
    loaded(browser, pages, "none")  # The browser itself is slower at first.
    for number in range(rounds):
        for key in BANNERS:
            click.echo(f"round {number + 1}: {key}", err=True)
            _add(found[key], loaded(browser, pages, key))
            if key != "none":
                _add(found[key], refused(browser, pages, key))
    for key in list(BANNERS)[1:]:
        click.echo(f"axe and policies: {key}", err=True)
        _add(found[key], checked(browser, pages, key))
    return found


def _add(found: dict[str, list[report.Value]], values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        found[name].append(value)


if __name__ == "__main__":
    main()
