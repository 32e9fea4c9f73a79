"""What is committed as built is what the sources give."""

import shutil

from tests.packaging.tools import ROOT, succeeds, tool


def test_committed_dist_is_what_the_sources_give(tmp_path):
    shutil.copy(ROOT / "package.json", tmp_path)
    shutil.copytree(
        ROOT / "static", tmp_path / "static", ignore=shutil.ignore_patterns("dist")
    )
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")

    succeeds([tool("npm"), "run", "build"], tmp_path)

    built = contents(tmp_path / "static" / "dist")
    committed = contents(ROOT / "static" / "dist")
    assert built.keys() == committed.keys()
    different = [name for name in built if built[name] != committed[name]]
    assert not different, "`make build` gives other bytes: run it and commit"


def contents(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
