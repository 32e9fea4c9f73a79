import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.domain.tiles import Tile, bundle, tile_at, tiles_of, unbundle
from consent.errors import InvalidProof

tiles = st.builds(Tile, st.integers(0, 6), st.integers(0, 10**10), st.integers(1, 256))


@given(tiles)
def test_a_tile_is_found_at_its_place(tile):
    assert tile_at(str(tile.level), tile.path()) == tile


@given(st.text("x0123456789/.p", max_size=20))
def test_a_place_names_one_tile_or_none(place):
    tile = tile_at("0", place)

    assert tile is None or tile.path() == place


@pytest.mark.parametrize(
    ("number", "width", "place"),
    [
        (0, 256, "000"),
        (1234067, 256, "x001/x234/067"),
        (1000, 256, "x001/000"),
        (999, 1, "999.p/1"),
        (1234067, 255, "x001/x234/067.p/255"),
    ],
)
def test_places_are_those_of_the_specification(number, width, place):
    assert Tile(0, number, width).path() == place


@pytest.mark.parametrize(
    "place",
    [
        "", "0", "00", "0000", "x000/001", "x001/x234", "x001/67", "001/067",
        "000.p/0", "000.p/256", "000.p/01", "000.p/999", "000.p/", "000.p/-1",
        "000/", "/000", "000\n", "\u0660\u0660\u0660", "-01", "x001//067",
    ],
)  # fmt: skip
def test_a_place_that_is_written_otherwise_names_none(place):
    assert tile_at("0", place) is None


@pytest.mark.parametrize("level", ["", "-1", "00", "01", "x", "64", "\u0663"])
def test_a_level_that_is_written_otherwise_names_none(level):
    assert tile_at(level, "000") is None


@given(st.integers(0, 200_000), st.integers(0, 3))
def test_tiles_hold_every_hash_of_a_level_once(size, level):
    covered = [
        n for tile in tiles_of(size, level) for n in range(tile.start, tile.stop)
    ]

    assert covered == list(range(size // 256**level))
    assert all(tile.fits(size) for tile in tiles_of(size, level))
    assert not any(
        tile._replace(width=tile.width + 1).fits(size)
        for tile in tiles_of(size, level)
        if tile.width < 256
    )


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_back_its_entries(entries):
    assert unbundle(bundle(entries)) == entries


@pytest.mark.parametrize("found", [b"\0", b"\0\2x", b"\0\1xy"])
def test_a_bundle_that_is_cut_off_is_refused(found):
    with pytest.raises(InvalidProof):
        unbundle(found)
