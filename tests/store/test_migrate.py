"""Opening a database: made if it can be, and clear words if it cannot."""

from dataclasses import replace
from functools import partial

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import make_url

from consent.errors import Unavailable
from consent.services.notices import publish
from consent.services.runtime import Runtime, migrate_database
from consent.store import tables
from consent.store.database import Database
from consent.store.migrate import is_migrated
from tests.factories import SITE, make_notice
from tests.running import Service
from tests.store.concurrency import together

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def database(database_url):
    opened = Database(database_url)
    yield opened
    opened.close()


def test_migrating_twice_keeps_what_was_recorded(shop, settings, ledger):
    before = ledger()

    migrate_database(settings)

    assert ledger() == before
    assert is_migrated(shop.database)


@on_sqlite
def test_processes_that_migrate_at_once_both_succeed(database, tmp_path, free_port):
    migrate_twice_at_once(database, tmp_path, free_port)


@on_postgresql
def test_processes_that_slowly_migrate_at_once_both_succeed(
    database, postgres_server, tmp_path, free_port
):
    """Each step takes so long that the two are sure to meet."""
    uri = postgres_server.get_uri(database=database.url.database)
    with psycopg.connect(uri) as superuser:
        superuser.execute(
            "CREATE FUNCTION linger() RETURNS event_trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_sleep(0.05); END $$"
        )
        superuser.execute(
            "CREATE EVENT TRIGGER linger ON ddl_command_start EXECUTE FUNCTION linger()"
        )

    migrate_twice_at_once(database, tmp_path, free_port)


def migrate_twice_at_once(database, folder, port):
    service = Service(folder, port, database.url.render_as_string())

    outcomes = together(*[partial(service.run, "migrate")] * 2)

    assert outcomes == ["The database has the newest schema.\n"] * 2
    assert is_migrated(database)


def test_migrations_make_the_tables_that_the_code_knows(settings, database):
    migrate_database(settings)

    with database.reading() as connection:
        context = MigrationContext.configure(connection)
        differences = compare_metadata(context, tables.metadata)

    assert differences == []


def test_a_database_that_was_never_migrated_is_not_opened(settings):
    with pytest.raises(Unavailable, match="run `consent migrate`"):
        Runtime.open(settings)


def test_what_was_not_opened_leaves_no_connection_behind(settings, database):
    """Each would count against the server's limit until the process ends."""
    with pytest.raises(Unavailable):
        Runtime.open(settings)

    assert others(database) == 0


def others(database):
    """Return how many other connections PostgreSQL knows to this database."""
    count = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    if database.is_sqlite:
        return 0
    with database.reading() as connection:
        return connection.exec_driver_sql(count).scalar()


@on_sqlite
def test_a_folder_that_is_missing_is_made(settings, tmp_path):
    file = tmp_path / "not" / "there" / "yet.sqlite"
    elsewhere = replace(settings, database_url=f"sqlite:///{file}")

    migrate_database(elsewhere)
    opened = Runtime.open(elsewhere)
    publish(opened, make_notice())
    opened.close()

    assert file.exists()


@on_sqlite
def test_a_folder_that_cannot_be_made_is_a_database_that_is_unavailable(
    settings, tmp_path
):
    (tmp_path / "file").touch()
    elsewhere = f"sqlite:///{tmp_path / 'file' / 'consent.sqlite'}"

    with pytest.raises(Unavailable):
        Runtime.open(replace(settings, database_url=elsewhere))


@on_sqlite
def test_a_file_that_is_no_database_is_unavailable(settings, tmp_path):
    (tmp_path / "consent.sqlite").write_text("Dear diary, " * 100)

    with pytest.raises(Unavailable):
        Runtime.open(settings)


@pytest.mark.parametrize("start", [migrate_database, Runtime.open])
@on_postgresql
def test_a_server_that_is_not_there_is_unavailable(settings, free_port, start):
    nowhere = f"postgresql+psycopg://consent@127.0.0.1:{free_port}/consent"

    with pytest.raises(Unavailable):
        start(replace(settings, database_url=nowhere))


@on_postgresql
def test_a_database_that_the_server_does_not_have_is_unavailable(settings):
    missing = make_url(settings.database_url).set(database="missing")

    with pytest.raises(Unavailable):
        Runtime.open(replace(settings, database_url=missing.render_as_string()))


def test_processes_that_start_at_once_with_a_new_key_all_start(settings):
    migrate_database(settings)

    opened = together(*[partial(Runtime.open, settings)] * 6)

    for one in opened:
        assert isinstance(one, Runtime), one
        one.close()


def test_a_fresh_database_has_no_site(runtime):
    assert runtime.follower.sites == []
    assert [key.kid for key in runtime.follower.keys] == [runtime.signers[0].kid]


def test_a_published_site_is_there_after_a_restart(shop, another):
    assert another().follower.state(SITE).publication.notice == make_notice()
