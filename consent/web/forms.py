"""Forms of the pages: what they carry, and the token that proves they are ours."""

from datetime import datetime
from typing import NamedTuple

import msgspec
from flask import Flask
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import (
    AnyOf,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)
from wtforms.widgets import HiddenInput

from consent.domain.choices import new_key
from consent.domain.vocabulary import Decision
from consent.services.accounts import SECRET_PATTERN
from consent.services.preferences import Preferences
from consent.web import locale

csrf = CSRFProtect()
DAY_SECONDS = 86_400
_HEX128 = Regexp(r"^[0-9a-f]{32}\Z")
_LARGEST = 2**53
_decisions = msgspec.json.Decoder(dict[str, Decision])


def init_app(app: Flask) -> None:
    """Refuse every form that did not come from one of our pages."""
    # A withdrawal must not fail because a tab was open over lunch, nor because
    # the browser keeps its referrer to itself: the token is proof enough.
    app.config["WTF_CSRF_TIME_LIMIT"] = DAY_SECONDS
    app.config["WTF_CSRF_SSL_STRICT"] = False
    csrf.init_app(app)
    # Programs post it, without any cookie, and it changes nothing.
    csrf.exempt("consent.web.api.check")
    # Programs post it, with an API key.
    csrf.exempt("consent.web.gateways.report")
    # Whoever posts it holds the link, which is proof enough; mail programs do as well.
    csrf.exempt("consent.web.links.withdraw")


class Act(NamedTuple):
    """What every act carries: its key, and what the visitor saw when acting."""

    key: str
    notice: int
    locale: str
    after: int | None


class ActForm(FlaskForm):  # type: ignore[misc]  # flask-wtf comes without types
    """The hidden fields of an act."""

    key = HiddenField(validators=[_HEX128])
    notice = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(1, _LARGEST)]
    )
    locale = HiddenField(validators=[InputRequired(), Length(max=20)])
    after = IntegerField(
        widget=HiddenInput(), validators=[Optional(), NumberRange(0, _LARGEST)]
    )

    @property
    def act(self) -> Act:
        """The values of a form that was found valid."""
        return Act(
            str(self.key.data),
            int(self.notice.data or 0),
            str(self.locale.data),
            self.after.data,
        )


class WithdrawalForm(ActForm):
    """Withdraw everything."""


class DecisionForm(ActForm):
    """Decide about one purpose, named by the address."""

    decision = StringField(validators=[AnyOf([*Decision])])


class UndoForm(ActForm):
    """Put back what stood before an act: each purpose or vendor, and its decision."""

    put_back = HiddenField(validators=[InputRequired(), Length(max=60_000)])

    def validate_put_back(self, field: HiddenField) -> None:
        """Raise ValidationError unless it is read as decisions."""
        try:
            _decisions.decode(str(field.data))
        except msgspec.DecodeError as exc:
            raise ValidationError(str(exc)) from exc

    @property
    def decisions(self) -> dict[str, Decision]:
        """The decisions of a form that was found valid."""
        return _decisions.decode(str(self.put_back.data))


class HandoverForm(FlaskForm):  # type: ignore[misc]  # flask-wtf comes without types
    """Hand over a secret or account proof, with the pass that our page got for it."""

    secret = HiddenField(validators=[Regexp(SECRET_PATTERN)])
    once = HiddenField(validators=[_HEX128])


class SwitchForm(FlaskForm):  # type: ignore[misc]  # flask-wtf comes without types
    """Show the other answer that this browser holds."""


class ErasureForm(FlaskForm):  # type: ignore[misc]  # flask-wtf comes without types
    """Confirm that everything about the visitor is to be erased."""


def decisions(stands: Preferences, now: datetime) -> dict[str, DecisionForm]:
    """Return a form for each purpose that a visitor decides about, by its id."""
    shown = what_was_shown(stands)
    return {
        standing.purpose.id: DecisionForm(
            formdata=None, key=new_key(now).hex(), **shown
        )
        for standing in stands.standings
        if standing.is_optional
    }


def what_was_shown(stands: Preferences) -> dict[str, object]:
    """Return the hidden fields that tell what a visitor saw when acting."""
    return {
        "notice": stands.publication.version,
        "locale": locale.current(),
        "after": stands.head.number if stands.head else None,
    }
