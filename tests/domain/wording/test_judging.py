import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from consent.domain.vocabulary import Regime
from consent.domain.wording import rules
from consent.domain.wording.judging import LANGUAGES, findings, unjudged
from consent.domain.wording.rules import NECESSITY, ONE_SIDED, Rule
from consent.services import sitefiles
from consent.services.configuration import configuration
from tests.factories import make_notice, make_publication, purpose

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[2] / "examples"
CORPUS = {
    path.stem: yaml.safe_load(path.read_text("utf-8")) for path in HERE.glob("*.yaml")
}
BREACHES = [
    (language, rule, text)
    for language, corpus in CORPUS.items()
    for rule, texts in corpus["breaches"].items()
    for text in texts
]
HONEST = [
    (language, text) for language, corpus in CORPUS.items() for text in corpus["keeps"]
]
DISGUISES = [
    str.upper,
    lambda text: text.replace(" ", "\n   "),
    lambda text: text.replace("'", "\u2019"),
    lambda text: re.sub(r"(\w\w)(\w\w)", "\\1\u00ad\\2", text),
    lambda text: text.replace(" ", "\u00a0"),
]


def found(intro="x", heading="x", description="x", title="x", *, locale="en", **more):
    """Return what is found in a notice with these texts, as paths and rules."""
    texts = {"heading": {locale: heading}, "intro": {locale: intro}}
    own = {"title": {locale: title}, "description": {locale: description}}
    purposes = [purpose("analytics", law={locale: "x"}, **own, **more)]
    notice = make_notice(texts=texts, purposes=purposes, locales=[locale], vendors=[])
    return {(finding.path[:-1], finding.rule.name) for finding in findings(notice)}


def names(paths_and_rules):
    return {rule for _, rule in paths_and_rules}


@pytest.mark.parametrize(("language", "rule", "text"), BREACHES)
def test_a_text_that_breaks_a_rule_is_found(language, rule, text):
    """What may be refused is not necessary; all else is for the banner to say."""
    if rule == NECESSITY.name:
        place = {"title": text} if text[-1] != "." else {"description": text}
    else:
        place = {"intro": text}

    assert rule in names(found(**place, locale=language))


@pytest.mark.parametrize(("language", "text"), HONEST)
def test_an_honest_text_is_left_alone(language, text):
    assert found(intro=text, locale=language) == set()
    assert found(description=text, locale=language) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_comes_with_examples_of_each_rule(language):
    known = {rule.name for rule in vars(rules).values() if isinstance(rule, Rule)}

    assert CORPUS[language]["breaches"].keys() == known
    assert CORPUS[language]["keeps"]


@given(st.sampled_from(BREACHES), st.sampled_from(DISGUISES))
def test_no_disguise_helps(breach, disguise):
    language, rule, text = breach
    place = "description" if rule == NECESSITY.name else "intro"

    assert rule in names(found(**{place: disguise(text)}, locale=language))


def test_a_call_to_accept_is_fair_where_rejecting_is_named_beside_it():
    alone = found(heading="Please accept our cookies")
    beside = found(heading="Please accept our cookies", intro="Or reject them below.")

    assert alone == {(("texts", "heading"), ONE_SIDED.name)}
    assert beside == set()


def test_only_what_may_be_refused_must_not_be_called_necessary():
    title = "Strictly necessary"

    assert found(title=title, basis="exempt") == set()
    for basis in ("consent", "objection"):
        (one,) = found(title=title, basis=basis)
        assert one == (("purposes", 0, "title"), NECESSITY.name)


def test_a_region_speaks_its_language():
    assert names(found(intro="Nur noch heute!", locale="de-AT")) == {"pressure"}


def test_a_language_that_nobody_taught_it_is_named():
    notice = make_notice(locales=["en", "de-CH", "it", "pt-BR"])

    assert unjudged(notice) == ["it", "pt-BR"]
    assert found(intro="By scrolling you agree.", locale="it") == set()


@pytest.mark.parametrize("name", ["hummingbytes", "other"])
def test_the_examples_are_honest(name):
    notice = sitefiles.load((EXAMPLES / f"{name}.yaml").read_text("utf-8"))

    assert [*findings(notice)] == []


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_standard_texts_are_honest(locale):
    own = {name: {locale: "x"} for name in ("title", "description", "law")}
    purposes = [purpose("analytics", **own)]
    notice = make_notice(locales=[locale], purposes=purposes, vendors=[])
    texts = configuration(make_publication(notice), locale, Regime.OPT_IN)["texts"]

    assert found(texts["intro"], texts["heading"], locale=locale) == set()
