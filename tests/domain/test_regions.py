import pytest

from consent.domain.regions import is_region, regime_in, region_from, strictest
from consent.domain.vocabulary import Regime

SEVERAL = {
    "EEA": Regime.OPT_IN,
    "GB": Regime.OPT_IN,
    "US-CA": Regime.OPT_OUT,
    "US": Regime.INFORM,
    "*": Regime.INFORM,
}


@pytest.mark.parametrize(
    ("region", "regime"),
    [
        ("FR", "opt-in"),
        ("NO", "opt-in"),
        ("RE", "opt-in"),
        ("GB", "opt-in"),
        ("GB-SCT", "opt-in"),
        ("US-CA", "opt-out"),
        ("US-NV", "inform"),
        ("JP", "inform"),
    ],
)
def test_the_narrowest_name_counts(region, regime):
    assert regime_in(region, SEVERAL) == regime


def test_a_country_counts_more_than_its_group():
    regimes = {"EEA": Regime.INFORM, "EU": Regime.OPT_OUT, "DE": Regime.OPT_IN}

    found = [regime_in(region, regimes) for region in ("DE", "FR", "IS")]

    assert found == ["opt-in", "opt-out", "inform"]


def test_who_is_nowhere_gets_the_strictest():
    assert regime_in(None, SEVERAL) == "opt-in"


def test_who_is_in_no_region_that_is_named_gets_the_strictest():
    assert regime_in("JP", {"US": Regime.INFORM, "BR": Regime.OPT_OUT}) == "opt-out"


def test_of_a_country_with_several_regimes_the_strictest_counts_if_no_more_is_known():
    assert regime_in("US", SEVERAL) == "opt-out"
    assert regime_in("US", {"US-CA": Regime.INFORM, "GB": Regime.OPT_IN}) == "opt-in"


@pytest.mark.parametrize(
    ("said", "region"),
    [
        ("us-ca", "US-CA"),
        (" DE ", "DE"),
        ("US-", "US"),
        ("XX", None),
        ("T1", None),
        ("UK", None),
        ("EU", None),
        ("US-CALI", None),
        ("US, DE", None),
        ("", None),
        (None, None),
    ],
)
def test_what_names_no_region_is_none(said, region):
    assert region_from(said) == region


@pytest.mark.parametrize("name", ["*", "EU", "EEA", "GB", "US-CA", "CH-ZH"])
def test_a_site_may_name_regions_and_groups(name):
    assert is_region(name)


@pytest.mark.parametrize("name", ["UK", "US-XX", "us-ca", "ASIA", "", "US-"])
def test_a_site_names_no_region_that_there_is_not(name):
    assert not is_region(name)


def test_opt_in_is_stricter_than_opt_out_than_inform():
    assert strictest(reversed(Regime)) == "opt-in"
    assert strictest([Regime.INFORM, Regime.OPT_OUT]) == "opt-out"
