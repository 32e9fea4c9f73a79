from consent.services.notices import publish
from consent.services.preferences import preferences
from consent.services.undoing import put_back
from tests.factories import SITE, make_notice


def seen(runtime, **refused):
    return preferences(runtime, SITE, None, refused=refused, gpc=False)


def test_it_names_what_no_longer_runs_and_nothing_else(shop):
    assert put_back(seen(shop), seen(shop, audience=1)) == {"audience": "granted"}


def test_what_stood_under_another_notice_is_not_put_back(shop):
    """A publication may come between the two looks at what stands."""
    before = seen(shop)
    publish(shop, make_notice(privacy_policy="https://shop.example/policy"))

    assert put_back(before, seen(shop, audience=2)) == {}
