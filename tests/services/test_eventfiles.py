"""Files of events: every row comes out, in its place, with the verdict of its time."""

import csv
from datetime import timedelta

import pyarrow as pa
import pytest
from pyarrow import parquet

from consent.errors import InvalidEvents, UnknownSite
from consent.services.eventfiles import judge_file
from tests.factories import SITE
from tests.past import Visitors

FIXTURES = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}
on_both = pytest.mark.parametrize("database_url", FIXTURES, indirect=True)
EVENTS = 6_000


@pytest.fixture
def database_url(request):
    """Return an empty SQLite database, or one of the kind that a test asks for."""
    return request.getfixturevalue(FIXTURES[getattr(request, "param", "sqlite")])


@pytest.fixture
def visitors(runtime):
    return Visitors(runtime, 100)


@pytest.fixture
def judged(runtime, tmp_path):
    """Return a function that judges a file of rows; it returns counts and rows."""

    def judge(columns, *rows):
        source, target = tmp_path / "events.csv", tmp_path / "judged.csv"
        with source.open("w", newline="") as file:
            csv.writer(file).writerows([columns.split(), *rows])
        counts = judge_file(runtime, SITE, source, target)
        with target.open(newline="") as file:
            return counts, list(csv.reader(file))

    return judge


def events(visitors):
    """Yield some thousand events, by token and by subject in turns, and verdicts."""
    for number in range(EVENTS):
        visitor, seconds = number * 7 % visitors.count, number * 11 % 150
        by_token = number % 2 == 0
        event = {
            "event": f"é{number}",
            "at": visitors.at(seconds),
            "purpose": "analytics",
            "token": visitors.tokens[visitor] if by_token else None,
            "subject": None if by_token else visitors.subject(visitor),
        }
        yield event, visitors.verdict(visitor, seconds, by_token=by_token)


@on_both
def test_csv_comes_out_with_the_verdict_of_each_row(runtime, visitors, judged):
    rows, verdicts = zip(*events(visitors), strict=True)
    words = [
        [*row.values(), "true" if allowed else "false", reason]
        for row, (allowed, reason) in zip(rows, verdicts, strict=True)
    ]

    counts, found = judged("event at purpose token subject", *(w[:-2] for w in words))

    assert found[0][-3:] == ["subject", "allowed", "reason"]
    assert found[1:] == [["" if c is None else str(c) for c in row] for row in words]
    assert (counts.rows, counts.unreadable) == (EVENTS, 0)
    assert {reason for _, reason in verdicts} == {
        *("granted", "withdrawn", "refused", "invalid", "missing")
    }


@pytest.mark.parametrize("unit", ["us", "ns"])
def test_parquet_keeps_its_types_and_gets_the_same_verdicts(
    runtime, visitors, tmp_path, unit
):
    rows, verdicts = zip(*events(visitors), strict=True)
    source, target = tmp_path / "events.parquet", tmp_path / "judged.parquet"
    kinds = {"event": pa.dictionary(pa.int32(), pa.string())}
    kinds |= {"at": pa.timestamp(unit, "Europe/Berlin"), "purpose": pa.string()}
    kinds |= {"token": pa.large_string(), "subject": pa.string()}
    schema = pa.schema([*kinds.items()], metadata={"made by": "a test"})
    before = pa.Table.from_pylist(rows, schema)
    parquet.write_table(before, source, row_group_size=5_500)
    told = []

    judge_file(runtime, SITE, source, target, lambda *done: told.append(done))

    after = parquet.read_table(target)
    assert after.drop_columns(["allowed", "reason"]).equals(parquet.read_table(source))
    assert [*after["allowed"].to_pylist()] == [allowed for allowed, _ in verdicts]
    assert [*after["reason"].to_pylist()] == [reason for _, reason in verdicts]
    assert after.schema.metadata[b"made by"] == b"a test"
    assert told[-1] == (EVENTS, EVENTS)


def test_rows_that_cannot_be_read_are_denied_counted_and_named(visitors, judged):
    good = visitors.at(200).isoformat(), "analytics", visitors.tokens[1], "", "", ""
    future = (visitors.start + timedelta(days=9)).isoformat()
    bad = [
        ("yesterday", *good[1:]),
        ("2026-05-01T12:00:00", *good[1:]),
        ("", *good[1:]),
        (future, *good[1:]),
        (*good[:2], "", "12", "", ""),
        (*good[:2], "", "zz" * 16, "", ""),
        (*good[:3], visitors.subject(1), "", ""),
        (*good[:5], "perhaps"),
        good[:4],
        (*good, "one more"),
    ]

    counts, (_, *rows) = judged("at purpose token subject vendor gpc", good, *bad, good)

    assert [row[-2:] for row in rows] == [
        ["true", "granted"],
        *[["false", "invalid"]] * len(bad),
        ["true", "granted"],
    ]
    assert all(len(row) == 8 for row in rows)
    assert (counts.rows, counts.unreadable) == (len(rows), len(bad))
    assert [fault.partition(":")[0] for fault in counts.faults] == [
        f"row {number}" for number in range(2, 7)
    ]


def test_rows_are_numbered_through_the_whole_file(visitors, judged):
    good = visitors.at(1).isoformat(), "analytics", ""

    counts, _ = judged("at purpose token", *[good] * 6_000, ("never", *good[1:]))

    assert [fault.partition(":")[0] for fault in counts.faults] == ["row 6001"]


def test_vendor_gpc_and_no_token_at_all_are_read_row_by_row(visitors, judged):
    at, token = visitors.at(1).isoformat(), visitors.tokens[0]

    _, (_, *rows) = judged(
        "at purpose token vendor gpc",
        (at, "analytics", token, "matomo", "false"),
        (at, "analytics", token, "ads", ""),
        (at, "marketing", token, "", "TRUE"),
        (at, "marketing", token, "", "0"),
        (at, "audience", "", "", ""),
        (at, "analytics", "", "", ""),
        (at, "necessary", "", "", ""),
    )

    assert [row[-1] for row in rows] == [
        *("granted", "unknown", "signal", "refused"),
        *("uncontested", "missing", "necessary"),
    ]


def test_lines_and_quotes_within_a_cell_stay_there(visitors, judged):
    notes = ["a\rb", "a\nb", "a\r\nb", 'a"b', "a,b", " a ", ""]
    at = visitors.at(1).isoformat()

    _, (_, *rows) = judged(
        "note at purpose token", *((note, at, "necessary", "") for note in notes)
    )

    assert [(row[0], row[-1]) for row in rows] == [(n, "necessary") for n in notes]


def test_bytes_that_are_no_text_pass_through(runtime, visitors, tmp_path):
    source, target = tmp_path / "events.csv", tmp_path / "judged.csv"
    head, row = b"at,purpose,token,note\n", b"2026-01-01T00:00Z,necessary,\xff,\xfe\n"
    source.write_bytes(b"\xef\xbb\xbf" + head + b"\n" + row)

    judge_file(runtime, SITE, source, target)

    assert target.read_bytes().splitlines() == [
        head[:-1] + b",allowed,reason",
        row[:-1] + b",false,unknown",
    ]


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ("purpose token", "no column at"),
        ("at token", "no column purpose"),
        ("", "no column at and no column purpose"),
        ("at purpose", "neither a column token nor a column subject"),
        ("at purpose token reason", "a column reason already"),
        ("at purpose token token", "more than one column token"),
    ],
)
def test_a_table_without_the_columns_is_refused(visitors, judged, columns, problem):
    with pytest.raises(InvalidEvents, match=problem):
        judged(columns)


def files_in(folder):
    return sorted(path.name for path in folder.glob("*.csv*"))


def test_nothing_is_overwritten(visitors, judged, tmp_path):
    (tmp_path / "judged.csv").write_text("kept")

    with pytest.raises(InvalidEvents, match="is there already, and is not overwritten"):
        judged("columns that would be refused, were they read")

    assert (tmp_path / "judged.csv").read_text() == "kept"


def test_what_another_run_is_writing_is_left_alone(visitors, judged, tmp_path):
    (tmp_path / "judged.csv.partial").write_text("theirs")

    with pytest.raises(InvalidEvents, match="another run writes it, or was killed"):
        judged("at purpose token")

    assert (tmp_path / "judged.csv.partial").read_text() == "theirs"


def test_an_interrupted_run_leaves_nothing_behind(runtime, visitors, tmp_path):
    source, target = tmp_path / "events.csv", tmp_path / "judged.csv"
    row = f"{visitors.at(1).isoformat()},analytics,\n"
    source.write_text("at,purpose,token\n" + row * 6_000)
    beside = []

    def interrupt(done, total):
        beside.extend(files_in(tmp_path))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge_file(runtime, SITE, source, target, interrupt)

    assert beside == ["events.csv", "judged.csv.partial"]
    assert files_in(tmp_path) == ["events.csv"]


def test_a_file_that_is_none_is_refused_in_clear_words(runtime, visitors, tmp_path):
    source = tmp_path / "events.parquet"
    source.write_text("no parquet")

    with pytest.raises(InvalidEvents, match="two files of one kind"):
        judge_file(runtime, SITE, source, tmp_path / "judged.csv")
    with pytest.raises(InvalidEvents, match=r"events\.parquet: "):
        judge_file(runtime, SITE, source, tmp_path / "judged.parquet")
    with pytest.raises(InvalidEvents, match="No such file"):
        judge_file(runtime, SITE, source, tmp_path / "nowhere" / "judged.parquet")
    with pytest.raises(UnknownSite):
        judge_file(runtime, "nowhere", source, tmp_path / "judged.parquet")

    assert [path.name for path in tmp_path.glob("*.parquet*")] == ["events.parquet"]


def test_what_fails_on_the_way_is_told_and_leaves_nothing(runtime, visitors, tmp_path):
    source, target = tmp_path / "events.csv", tmp_path / "judged.csv"
    row = f"{visitors.at(1).isoformat()},analytics,x\n"
    source.write_text("at,purpose,token\n" + row)

    def vanish(done, total):
        (tmp_path / "judged.csv.partial").unlink()

    with pytest.raises(InvalidEvents, match=r"judged\.csv\.partial: No such file"):
        judge_file(runtime, SITE, source, target, vanish)
    source.write_text("at,purpose,token\n" + "x" * 200_000)
    with pytest.raises(InvalidEvents, match="larger than field limit"):
        judge_file(runtime, SITE, source, target)

    assert files_in(tmp_path) == ["events.csv"]


def test_times_without_zone_are_refused_as_a_whole(runtime, visitors, tmp_path):
    source = tmp_path / "events.parquet"
    columns = {
        "at": pa.array([0], pa.timestamp("us")),
        "purpose": ["x"],
        "token": ["x"],
    }
    parquet.write_table(pa.table(columns), source)

    with pytest.raises(InvalidEvents, match="name no time zone"):
        judge_file(runtime, SITE, source, tmp_path / "judged.parquet")


def test_parquet_cells_of_another_kind_are_denied(runtime, visitors, tmp_path):
    source, target = tmp_path / "events.parquet", tmp_path / "judged.parquet"
    subject = bytes.fromhex(visitors.subject(1))
    columns = {
        "at": pa.array([1_700_000_000_000, 1 << 62, None], pa.timestamp("ms", "UTC")),
        "purpose": ["analytics"] * 3,
        "subject": pa.array([subject] * 3, pa.binary(16)),
        "gpc": [True, False, None],
    }
    parquet.write_table(pa.table(columns), source)

    counts = judge_file(runtime, SITE, source, target)
    columns["purpose"] = [1, 2, 3]
    parquet.write_table(pa.table(columns), source)
    others = judge_file(runtime, SITE, source, tmp_path / "others.parquet")

    reasons = parquet.read_table(target)["reason"].to_pylist()
    assert reasons == ["unknown", "invalid", "invalid"]
    assert counts.unreadable == 2
    assert others.faults[0] == "row 1: purpose: expected text"
