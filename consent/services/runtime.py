"""The running parts that use cases work with: database, clock, follower, writer."""

import logging
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from nacl.signing import SigningKey

from consent.domain.tokens import Token, TokenSigner, key_id, private_key
from consent.domain.vocabulary import Use
from consent.errors import BadSetting, MissingKey, Unavailable, Unguarded
from consent.services.checked import Checked
from consent.services.editions import Editions
from consent.services.scripts import DIST, Scripts
from consent.settings import Settings
from consent.store import keys
from consent.store.clock import Clock
from consent.store.database import Database
from consent.store.follower import Follower
from consent.store.group_commit import GroupCommit
from consent.store.guard import guard_at
from consent.store.integrator import Integrator
from consent.store.ledger import LedgerReader
from consent.store.migrate import is_migrated, migrate
from consent.store.past import Past

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Runtime:
    """One process's parts; open it once, start it to serve, close it at the end."""

    settings: Settings
    database: Database
    clock: Clock
    follower: Follower
    writer: GroupCommit
    integrator: Integrator
    scripts: Scripts
    signers: tuple[TokenSigner, ...]
    sealing: tuple[SigningKey, ...]
    past: Past
    editions: Editions
    checked: Checked
    before_closing: ExitStack = field(default_factory=ExitStack)

    @classmethod
    def open(cls, settings: Settings, dist: Path = DIST) -> "Runtime":
        """Connect, make this process's public keys known, and read every site.

        `dist` is the folder of the built banner. Raises BadSetting or Unavailable.
        """
        signers = tuple(map(_signer, settings.token_keys))
        sealing = tuple(map(_sealing_key, settings.checkpoint_keys))
        scripts = Scripts(dist)
        with ExitStack() as on_failure:
            database = Database(settings.database_url)
            on_failure.callback(database.close)
            if not is_migrated(database):
                older = (
                    "the database has no schema, or an older one: run `consent migrate`"
                )
                raise Unavailable(older)
            clock = Clock()
            own = [(Use.TOKEN, signer.public) for signer in signers]
            own += [(Use.CHECKPOINT, key.verify_key) for key in sealing]
            if own:
                with database.writing() as connection:
                    for use, public in own:
                        keys.add_key(connection, use, public, clock.now())
            guard = guard_at(settings.checkpoint_guard)
            integrator = Integrator(database, guard, sealing)
            try:
                integrator.examine()
            except Unguarded as exc:
                # Serving goes on: the worker signs nothing until it is examined.
                log.warning("ledgers are not compared with what was signed: %s", exc)
            follower = Follower(
                database,
                clock,
                poll_seconds=settings.poll_seconds,
                max_stale=settings.max_stale_seconds,
                forks=integrator.forks,
            )
            follower.poll()
            writer = GroupCommit(
                database, clock, follower.take_in, follower.require_whole
            )
            on_failure.pop_all()
        return cls(
            settings,
            database,
            clock,
            follower,
            writer,
            integrator,
            scripts,
            signers,
            sealing,
            Past(database),
            Editions(database),
            Checked(follower),
        )

    def start(self) -> None:
        """Follow all sites in the background."""
        self.follower.start()

    def close(self) -> None:
        """Write what is waiting and stop."""
        self.before_closing.close()
        self.writer.close()
        self.follower.close()
        self.database.close()

    @property
    def faulty(self) -> Mapping[str, str]:
        """The sites whose ledger is at fault, and why."""
        return self.follower.faulty

    @property
    def private_kids(self) -> set[str]:
        """The ids of the keys whose private half this process holds."""
        sealing = {key_id(key.verify_key) for key in self.sealing}
        return sealing | {signer.kid for signer in self.signers}

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
    return TokenSigner(_private("CONSENT_TOKEN_KEYS", text))


def _sealing_key(text: str) -> SigningKey:
    return _private("CONSENT_CHECKPOINT_KEYS", text)


def _private(setting: str, text: str) -> SigningKey:
    try:
        return private_key(text)
    except ValueError as exc:
        raise BadSetting(setting, str(exc)) from exc
