import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from consent.domain import merkle
from consent.domain.merkle import EMPTY_ROOT, WIDTH, Frontier, leaf_hash, node_hash
from consent.domain.tiles import tiles_of

VECTORS = json.loads(Path("tests/vectors/merkle.json").read_text())
MOST = 600
ENTRIES = [number.to_bytes(4) * 8 for number in range(MOST)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
sizes = st.integers(1, MOST)


@pytest.fixture(scope="module")
def oracle():
    """Return the same tree, grown by somebody else's code."""
    tree = InmemoryTree(algorithm="sha256")
    tree.append_entries(ENTRIES)
    return tree


def hashes_of(leaves):
    """Return what looks up complete subtrees, as the store does."""

    def hashes(level, start, stop):
        width = WIDTH**level
        found = [
            merkle.fold(leaves[n * width : (n + 1) * width]) for n in range(start, stop)
        ]
        assert len(found) == stop - start
        return found

    return hashes


HASHES = hashes_of(LEAVES)


def from_hex(texts):
    return [bytes.fromhex(text) for text in texts]


def test_the_vectors_of_certificate_transparency():
    leaves = from_hex(VECTORS["leaf_hashes"])
    hashes, roots = (
        hashes_of(leaves),
        from_hex([VECTORS["empty_root"], *VECTORS["roots"]]),
    )

    assert [leaf_hash(entry) for entry in from_hex(VECTORS["leaves"])] == leaves
    assert [merkle.root(hashes, size) for size in range(9)] == roots
    for one in VECTORS["inclusion"]:
        number, size, proof = one["number"], one["size"], from_hex(one["proof"])
        assert merkle.inclusion_proof(hashes, number, size) == proof
        assert merkle.is_included(leaves[number], number, size, proof, roots[size])
    for one in VECTORS["consistency"]:
        old, new, proof = one["old"], one["new"], from_hex(one["proof"])
        assert merkle.consistency_proof(hashes, old, new) == proof
        assert merkle.is_consistent(old, roots[old], new, roots[new], proof)


@given(sizes)
def test_roots_are_those_of_another_implementation(oracle, size):
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.extend([leaf])

    assert merkle.root(HASHES, size) == oracle.get_root(size)
    assert frontier.root() == oracle.get_root(size)


@given(sizes, st.data())
def test_inclusion_proofs_are_those_of_another_implementation(oracle, size, data):
    number = data.draw(st.integers(0, size - 1))

    proof = merkle.inclusion_proof(HASHES, number, size)

    # It puts the leaf itself first, and counts from one.
    assert [LEAVES[number], *proof] == oracle.prove_inclusion(number + 1, size).path
    root = oracle.get_root(size)
    assert merkle.is_included(LEAVES[number], number, size, proof, root)


@given(sizes, st.data())
def test_consistency_proofs_hold_for_the_roots_of_another(oracle, new, data):
    old = data.draw(st.integers(0, new))

    proof = merkle.consistency_proof(HASHES, old, new)

    before = oracle.get_root(old) if old else EMPTY_ROOT
    assert merkle.is_consistent(old, before, new, oracle.get_root(new), proof)


@st.composite
def altered(draw, proof):
    """Return a proof with a hash altered, missing, extra or swapped."""
    proof = list(proof)
    ways = ["extra", "doubled"]
    ways += ["altered", "missing"] if proof else []
    ways += ["swapped"] if len(proof) > 1 else []
    way = draw(st.sampled_from(ways))
    place = draw(st.integers(0, max(len(proof) - 1, 0)))
    if way == "extra":
        proof.insert(place, draw(st.binary(min_size=32, max_size=32)))
    elif way == "doubled":
        proof = proof * 2 or [EMPTY_ROOT]
    elif way == "altered":
        bit = draw(st.integers(0, 255))
        proof[place] = (int.from_bytes(proof[place]) ^ 1 << bit).to_bytes(32)
    elif way == "missing":
        del proof[place]
    else:
        other = draw(st.integers(0, len(proof) - 1).filter(lambda n: n != place))
        proof[place], proof[other] = proof[other], proof[place]
    return proof


@given(sizes, st.data())
def test_an_inclusion_proof_that_was_tampered_with_is_refused(size, data):
    number = data.draw(st.integers(0, size - 1))
    root = merkle.root(HASHES, size)
    proof = merkle.inclusion_proof(HASHES, number, size)

    wrong = data.draw(altered(proof))

    assert not merkle.is_included(LEAVES[number], number, size, wrong, root)


@given(sizes, st.data())
def test_an_inclusion_proof_holds_for_its_leaf_and_place_alone(size, data):
    number = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(-1, size + 1).filter(lambda n: n != number))
    root = merkle.root(HASHES, size)
    proof = merkle.inclusion_proof(HASHES, number, size)

    assert not merkle.is_included(LEAVES[number], other, size, proof, root)
    assert not merkle.is_included(LEAVES[number - 1], number, size, proof, root) or (
        size == 1
    )
    assert not merkle.is_included(LEAVES[number], number, size, proof, EMPTY_ROOT)


@given(sizes, st.data())
def test_a_consistency_proof_that_was_tampered_with_is_refused(new, data):
    old = data.draw(st.integers(0, new))
    before, after = merkle.root(HASHES, old), merkle.root(HASHES, new)
    proof = merkle.consistency_proof(HASHES, old, new)

    wrong = data.draw(altered(proof))

    assert not merkle.is_consistent(old, before, new, after, wrong)


@given(sizes, st.data())
def test_other_roots_are_not_consistent(new, data):
    old = data.draw(st.integers(1, new))
    before, after = merkle.root(HASHES, old), merkle.root(HASHES, new)
    proof = merkle.consistency_proof(HASHES, old, new)

    assert not merkle.is_consistent(old, EMPTY_ROOT, new, after, proof)
    assert not merkle.is_consistent(old, before, new, EMPTY_ROOT, proof)
    assert not merkle.is_consistent(new + 1, before, new, after, proof)
    assert not merkle.is_consistent(-1, before, new, after, proof)


def test_the_empty_tree_is_the_beginning_of_every_tree():
    assert merkle.is_consistent(0, EMPTY_ROOT, 3, merkle.root(HASHES, 3), [])
    assert not merkle.is_consistent(0, LEAVES[0], 3, merkle.root(HASHES, 3), [])
    assert not merkle.is_consistent(0, EMPTY_ROOT, 0, LEAVES[0], [])


@pytest.mark.parametrize(("number", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(number, size):
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_proof(HASHES, number, size)


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3)])
def test_there_is_no_proof_of_a_larger_beginning(old, new):
    with pytest.raises(ValueError, match="not the beginning"):
        merkle.consistency_proof(HASHES, old, new)


def test_a_tree_of_seventy_thousand_leaves_has_tiles_of_three_levels():
    """The example of C2SP tlog-tiles; the root grows alike from leaves and nodes."""
    size = 70_000
    leaves = [leaf_hash(number.to_bytes(32)) for number in range(size)]
    frontier, nodes = Frontier(), {}
    for leaf in leaves:
        for node in frontier.extend([leaf]):
            nodes[node.level, node.number] = node

    widths = [[tile.width for tile in tiles_of(size, level)] for level in range(4)]

    assert widths == [[256] * 273 + [112], [256, 17], [1], []]
    assert len(nodes) == 273 + 1
    assert nodes[2, 0].hash == merkle.fold(leaves[:65536])
    assert nodes[1, 272].hash == merkle.fold(leaves[272 * 256 : 273 * 256])
    assert (nodes[1, 272].leaves.start, nodes[1, 272].leaves.stop) == (69_632, 69_888)

    def hashes(level, start, stop):
        if level == 0:
            return leaves[start:stop]
        return [nodes[level, number].hash for number in range(start, stop)]

    assert merkle.root(hashes, size) == frontier.root()
    for number in (0, 65_535, 65_536, size - 1):
        proof = merkle.inclusion_proof(hashes, number, size)
        assert merkle.is_included(leaves[number], number, size, proof, frontier.root())
    for old, new in pairwise([1, 255, 256, 65_536, 65_537, size]):
        proof = merkle.consistency_proof(hashes, old, new)
        roots = merkle.root(hashes, old), merkle.root(hashes, new)
        assert merkle.is_consistent(old, roots[0], new, roots[1], proof)


def test_a_leaf_never_passes_for_a_node():
    left, right = LEAVES[:2]

    assert leaf_hash(left + right) != node_hash(left, right)
