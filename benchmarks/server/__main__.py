"""Measure our server beside others in turns, and write tables where they are read."""

import json
import os
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks.report import write_into
from benchmarks.server import chart, report
from benchmarks.server.grounds import prepared
from benchmarks.server.programs import HERE
from benchmarks.server.turns import turns
from examples.demo.places import ROOT

CHART = ROOT / "docs" / "benchmarks-server.svg"
Found = dict[str, list[float]]


@click.command()
@click.option("--rounds", default=3, show_default=True)
@click.option("--json", "json_file", type=click.Path(path_type=Path))
def main(rounds: int, json_file: Path | None) -> None:
    """Measure everything once in each round; write tables and a chart."""
    load = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} beforehand"
    found: Found = defaultdict(list)
    with TemporaryDirectory() as folder, prepared(Path(folder)) as grounds:
        for number in range(rounds):
            for what, value in turns(grounds):
                click.echo(f"round {number + 1}: {what}: {value:,.6g}", err=True)
                found[what].append(value)
    table = report.markdown(found, load)
    click.echo(table)
    write_into(HERE / "README.md", "bench-server", table)
    CHART.write_text(chart.svg(found), "utf-8")
    if json_file:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(json.dumps(found, indent=1), "utf-8")


if __name__ == "__main__":
    main()
