import pytest

from consent.errors import InvalidChoice, NotFound, UnknownSite
from consent.services import notices
from tests.factories import make_notice, site_file, vendor


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


def test_publishing_the_same_content_again_changes_nothing(shop):
    publication, is_new = notices.publish(shop, make_notice())

    assert (publication.version, is_new) == (1, False)
    assert shop.follower.state("shop").size == 1


def test_every_version_stays_as_it_was_published(shop):
    notices.publish(shop, make_notice(term_days=30))

    assert notices.in_force(shop, "shop").notice.term_days == 30
    assert notices.published(shop, "shop", 1).notice == make_notice()
    with pytest.raises(NotFound, match="no notice 3"):
        notices.published(shop, "shop", 3)


def test_a_notice_is_compared_with_the_one_in_force(shop):
    notices.publish(shop, make_notice(term_days=30))
    vendors = [*site_file()["vendors"], vendor("new", "analytics")]

    same = notices.compare(shop, make_notice(term_days=30))
    other = notices.compare(shop, make_notice(vendors=vendors, term_days=30))

    assert not same.differs
    assert [difference.what for difference in other.differences] == ["vendor new"]
    assert [question.versions for question in other.questions] == [range(1, 3)]


def test_a_first_notice_has_nothing_to_be_compared_with(runtime):
    assert notices.compare(runtime, make_notice()).in_force is None


def test_a_switch_is_an_entry_and_only_if_it_changes_anything(shop):
    first = notices.switch(shop, "shop", purpose="analytics", vendor=None, lifted=False)
    again = notices.switch(shop, "shop", purpose="analytics", vendor=None, lifted=False)

    assert first.number == 1
    assert again is None


@pytest.mark.parametrize(
    ("purpose", "vendor", "told"),
    [
        ("telepathy", None, "expected one of analytics, marketing"),
        ("necessary", None, "expected one of analytics, marketing"),
        (None, "nobody", "expected one of stripe, matomo"),
        (None, None, "a purpose or a vendor"),
        ("analytics", "ads", "a purpose or a vendor"),
    ],
)
def test_only_what_the_notice_names_can_be_suspended(shop, purpose, vendor, told):
    with pytest.raises(InvalidChoice, match=told):
        notices.switch(shop, "shop", purpose=purpose, vendor=vendor, lifted=False)


def test_a_site_that_never_published_has_nothing(runtime):
    with pytest.raises(UnknownSite):
        notices.in_force(runtime, "nowhere")
    with pytest.raises(UnknownSite):
        notices.switch(runtime, "nowhere", purpose="a", vendor=None, lifted=False)
