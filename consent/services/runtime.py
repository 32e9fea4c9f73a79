"""The running parts that use cases work with: database, clock, follower, writer."""

from contextlib import ExitStack, closing
from dataclasses import dataclass

from consent.domain.tokens import Token, TokenSigner, private_key
from consent.errors import BadSetting, MissingKey, Unavailable
from consent.settings import Settings
from consent.store import keys
from consent.store.clock import Clock
from consent.store.database import Database
from consent.store.follower import Follower
from consent.store.group_commit import GroupCommit
from consent.store.ledger import LedgerReader
from consent.store.migrate import is_migrated, migrate


@dataclass(frozen=True)
class Runtime:
    """One process's parts; open it once, start it to serve, close it at the end."""

    settings: Settings
    database: Database
    clock: Clock
    follower: Follower
    writer: GroupCommit
    signers: tuple[TokenSigner, ...]

    @classmethod
    def open(cls, settings: Settings) -> "Runtime":
        """Connect, make this process's public keys known, and read every site.

        Raises BadSetting or Unavailable.
        """
        signers = tuple(map(_signer, settings.token_keys))
        with ExitStack() as on_failure:
            database = Database(settings.database_url)
            on_failure.callback(database.close)
            if not is_migrated(database):
                older = "the database has an older schema: run `consent migrate`"
                raise Unavailable(older)
            clock = Clock()
            if signers:
                with database.writing() as connection:
                    for signer in signers:
                        keys.add_token_key(connection, signer.public, clock.now())
            follower = Follower(
                database,
                clock,
                poll_seconds=settings.poll_seconds,
                max_stale=settings.max_stale_seconds,
            )
            follower.poll()
            writer = GroupCommit(database, clock, follower.catch_up)
            on_failure.pop_all()
        return cls(settings, database, clock, follower, writer, signers)

    def start(self) -> None:
        """Follow all sites in the background."""
        self.follower.start()

    def close(self) -> None:
        """Write what is waiting and stop."""
        self.writer.close()
        self.follower.close()
        self.database.close()

    def ledger(self, site: str) -> LedgerReader:
        """Return the ledger of a site, to read."""
        return LedgerReader(self.database, site)

    def sign(self, token: Token) -> str:
        """Sign with the newest key that is not retired; raises MissingKey."""
        return self.require_signer().sign(token)

    def require_signer(self) -> TokenSigner:
        """Return what signs tokens now; raises MissingKey."""
        active = {key.kid for key in self.follower.keys if not key.retired_at}
        for signer in reversed(self.signers):
            if signer.kid in active:
                return signer
        raise MissingKey("no private token key: run `consent keys add`")


def migrate_database(settings: Settings) -> None:
    """Bring the database of these settings to the newest schema."""
    with closing(Database(settings.database_url)) as database:
        migrate(database)


def _signer(text: str) -> TokenSigner:
    try:
        return TokenSigner(private_key(text))
    except ValueError as exc:
        raise BadSetting("CONSENT_TOKEN_KEYS", str(exc)) from exc
