"""Record choices and withdrawals, and answer each with the token that states it."""

from collections.abc import Callable
from dataclasses import dataclass

from consent.domain import issuing
from consent.domain.choices import Choice, Withdrawal
from consent.domain.entries import Record
from consent.domain.state import SiteState
from consent.domain.tokens import Token
from consent.domain.vocabulary import How, Regime
from consent.errors import InvalidChoice, InvalidToken, UnknownRecord
from consent.services import accounts, answers
from consent.services.answers import Answer
from consent.services.bodies import ChoiceRequest, HeadRequest, WithdrawalRequest
from consent.services.runtime import Runtime
from consent.store.group_commit import Pending


@dataclass(frozen=True)
class Begun:
    """A choice that was handed in, and what its answer is made of."""

    state: SiteState
    pending: Pending

    def answer(self, runtime: Runtime) -> Answer:
        """Wait until it is durable; raises whatever the writer raises."""
        return answers.to_record(runtime, self.state, _appended(self.pending))


def is_known(runtime: Runtime, site: str, asked: ChoiceRequest) -> bool:
    """Tell whether a choice can be handed in without asking the database first."""
    return asked.notice in runtime.follower.state(site).terms and (
        asked.secret is None or not accounts.is_proof(asked.secret)
    )


def record_choice(
    runtime: Runtime, site: str, asked: ChoiceRequest, region: str | None = None
) -> Answer:
    """Append a choice; it is durable once this returns.

    Raises InvalidChoice, and whatever the writer raises.
    """
    return begin_choice(runtime, site, asked, region).answer(runtime)


def begin_choice(
    runtime: Runtime,
    site: str,
    asked: ChoiceRequest,
    region: str | None = None,
    tell: Callable[[], None] | None = None,
) -> Begun:
    """Hand in a choice; `tell` is called as soon as its answer waits for nothing.

    `region` is where the visitor is, as far as we trust what says so.
    Raises InvalidChoice, Overloaded or Unavailable.
    """
    state = runtime.follower.state(site)
    if asked.notice not in state.terms:
        # Another process may have published it just now.
        runtime.follower.catch_up()
    shown, in_force = state.terms.get(asked.notice), state.in_force
    if shown is None or in_force is None:
        raise InvalidChoice(f"notice: {site} has no version {asked.notice}")
    choice = Choice(
        site=site,
        key=bytes.fromhex(asked.key),
        subject=_subject(runtime, site, asked.secret),
        account=asked.secret is not None and accounts.is_proof(asked.secret),
        how=asked.how,
        locale=asked.locale,
        shown=shown,
        in_force=in_force,
        gpc=asked.gpc,
        decisions=asked.decisions,
        vendors=asked.vendors,
        regime=shown.regime_of(region, asked.regime),
        after=asked.after,
        layout=asked.layout,
        made_at=asked.made_at,
    )
    choice.check()
    return Begun(state, _hand_in(runtime, choice, tell))


def withdraw(
    runtime: Runtime, site: str, asked: WithdrawalRequest, region: str | None = None
) -> Answer:
    """Withdraw with a token and nothing else. A numbered one gets no token back.

    An expired or superseded token will do: a no is always believed.
    Raises InvalidToken, InvalidChoice, UnknownRecord.
    """
    state = runtime.follower.state(site)
    token = _token(state, asked.token)
    subject = _subject_of_token(runtime, token)
    withdrawal = _withdrawal(
        state, token.notice, region, subject, asked.key, asked.purposes, How.API, None
    )
    record = _appended(_hand_in(runtime, withdrawal))
    if token.number is None:
        refused = issuing.denied_by(token, answers.published_terms(state, token.notice))
        return answers.to_common(runtime, state, record, refused)
    return answers.to_record(runtime, state, record, with_token=False)


def withdraw_as_subject(
    runtime: Runtime,
    site: str,
    *,
    secret: str | None,
    key: str,
    locale: str,
    purposes: list[str] | None = None,
    region: str | None = None,
) -> Answer:
    """Withdraw as whoever holds a secret, or as somebody who granted nothing."""
    subject = _subject(runtime, site, secret)
    return withdraw_of(
        runtime,
        site,
        subject=subject,
        key=key,
        locale=locale,
        purposes=purposes,
        region=region,
    )


def withdraw_of(
    runtime: Runtime,
    site: str,
    *,
    subject: bytes | None,
    key: str,
    locale: str,
    purposes: list[str] | None = None,
    region: str | None = None,
) -> Answer:
    """Withdraw for a subject, on one of the visitor's pages."""
    state = runtime.follower.state(site)
    version, how = _in_force(state), How.PREFERENCES
    withdrawal = _withdrawal(
        state, version, region, subject, key, purposes, how, locale
    )
    return answers.to_record(runtime, state, _appended(_hand_in(runtime, withdrawal)))


def head(
    runtime: Runtime, site: str, asked: HeadRequest, region: str | None = None
) -> Answer:
    """Return the newest token of a secret's subject, or a common token renewed.

    An account is there even before its first answer, which is then an empty one.
    Raises UnknownRecord if there is no record, or none as new as `after`, and
    Unavailable if the ledger lost or changed entries: it may have been a no.
    """
    state = runtime.follower.state(site)
    runtime.follower.require_whole(site)
    if asked.secret is not None:
        record = standing(runtime, site, asked.secret)
        if record is None and accounts.is_proof(asked.secret):
            return Answer(site, {}, None, None, None)
        if record is None or (asked.after or 0) > record.number:
            raise UnknownRecord("there is no such record (any more)")
        return answers.to_record(runtime, state, record)
    if asked.token is None:
        raise InvalidChoice("head needs a secret or a common token")
    return _renewed(runtime, state, _token(state, asked.token), region)


def standing(runtime: Runtime, site: str, secret: str) -> Record | None:
    """Return the newest record of a secret's subject, if there is one."""
    subject = _subject(runtime, site, secret)
    return runtime.ledger(site).head(subject) if subject else None


def _withdrawal(
    state: SiteState,
    version: int,
    region: str | None,
    subject: bytes | None,
    key: str,
    purposes: list[str] | None,
    how: How,
    locale: str | None,
) -> Withdrawal:
    in_force = state.terms[_in_force(state)]
    shown = state.terms.get(version, in_force)
    withdrawal = Withdrawal(
        site=state.site,
        key=bytes.fromhex(key),
        subject=subject,
        how=how,
        locale=locale or shown.locales[0],
        shown=shown,
        in_force=in_force,
        regime=in_force.regime_in(region),
        purposes=None if purposes is None else frozenset(purposes),
    )
    withdrawal.check()
    return withdrawal


def _renewed(
    runtime: Runtime, state: SiteState, token: Token, region: str | None
) -> Answer:
    """Renew an opt-out or objection. A refusal under opt-in keeps its term (C10)."""
    terms = state.terms.get(token.notice)
    if token.number is not None or terms is None:
        raise InvalidToken("only a common token is renewed without a secret")
    refused = issuing.denied_by(token, terms)
    regime = terms.regime_in(region)
    renewed = issuing.common_token(
        terms, runtime.clock.now(), regime, refused=refused, gpc=token.gpc
    )
    if regime is Regime.OPT_IN and token.allowed == renewed.allowed:
        renewed = token
    decisions = {purpose: terms.optional[purpose].no for purpose in sorted(refused)}
    return answers.signed(runtime, renewed, decisions)


def _token(state: SiteState, text: str) -> Token:
    token = state.verifier.read(text)
    if token.site != state.site:
        raise InvalidToken("the token is of another site")
    return token


def _subject_of_token(runtime: Runtime, token: Token) -> bytes | None:
    if token.number is None:
        return None
    return runtime.ledger(token.site).record(token.number).subject


def _subject(runtime: Runtime, site: str, secret: str | None) -> bytes | None:
    return None if secret is None else accounts.subject(runtime, site, secret)


def _in_force(state: SiteState) -> int:
    return state.in_force.version if state.in_force else 0


def _hand_in(
    runtime: Runtime, act: Choice | Withdrawal, tell: Callable[[], None] | None = None
) -> Pending:
    # Nothing is appended that could not be answered afterwards.
    runtime.require_signer()
    return runtime.writer.hand_in(act, tell)


def _appended(pending: Pending) -> Record:
    body = pending.result()
    if not isinstance(body, Record):
        raise TypeError("an act is recorded as a record")
    return body
