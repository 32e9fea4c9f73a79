"""Whatever is sent is read, or refused by the error that says so: nothing else."""

import json
import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.readers import READERS
from tests.packaging.tools import ROOT

RUNS = 10_000
SAMPLES = [path.read_bytes() for path in sorted((ROOT / "tests/fuzz/corpus").iterdir())]

documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
).map(lambda document: json.dumps(document).encode())


@st.composite
def altered(draw):
    """Return a sample in which some bytes are others."""
    sample = bytearray(draw(st.sampled_from(SAMPLES)))
    start = draw(st.integers(0, len(sample)))
    sample[start : start + draw(st.integers(0, 8))] = draw(st.binary(max_size=8))
    return bytes(sample)


@pytest.mark.parametrize("name", READERS)
@given(sent=st.binary() | documents | altered())
def test_whatever_is_sent_is_read_or_refused(name, sent):
    read, error = READERS[name]

    with suppress(error):
        read(sent)


@pytest.mark.parametrize("name", READERS)
def test_so_is_what_is_nested_deeper_than_any_stack(name):
    read, error = READERS[name]

    for opening in (b"[", b'{"checks":', b'{"x":', b"\x91"):
        with suppress(error):
            read(opening * 6_000)


def test_atheris_finds_nothing_in_a_few_seconds(tmp_path):
    """`make fuzz` goes on for as long as one likes."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.fuzz", f"-runs={RUNS}", "-seed=1"),
            *(f"-artifact_prefix={tmp_path}/", tmp_path, "tests/fuzz/corpus"),
        ],
        cwd=ROOT,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )

    assert done.returncode == 0, done.stdout
    assert f"Done {RUNS} runs" in done.stdout
