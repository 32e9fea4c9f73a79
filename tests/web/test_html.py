"""The Nu HTML checker, which browsers' makers maintain, finds no error in any page."""

import json
import subprocess

from tests.packaging.tools import ROOT, tool

# What a part of a page, for the site's own pages, is put into.
AROUND = b'<!doctype html><html lang="en"><title>Page</title><body>'
VNU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def test_no_page_has_an_error(pages, tmp_path):
    files = written(pages, tmp_path)

    done = subprocess.run(
        [tool("java"), "-jar", VNU, "--errors-only", "--format", "json", *files],
        check=False,
        text=True,
        stderr=subprocess.PIPE,
    )

    found = json.loads(done.stderr)["messages"]
    assert [told(message) for message in found] == []
    assert done.returncode == 0


def written(pages, folder):
    """Write each page into a file of its own; return the files."""
    files = []
    for name, page in pages.items():
        files.append(folder / f"{name.replace(' ', '-')}.html")
        is_part = page.headers.get("Access-Control-Allow-Origin") == "*"
        files[-1].write_bytes((AROUND if is_part else b"") + page.data)
    return files


def told(message):
    """Return what is wrong, and where."""
    page = message["url"].rpartition("/")[2]
    return page, message["message"], message.get("extract")
