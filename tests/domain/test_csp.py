from consent.domain.csp import admissions
from tests.factories import make_notice, vendor

SERVICE = "https://consent.example"


def of(*vendors, address=SERVICE):
    """Return what a notice with these vendors admits, by purpose."""
    return dict(admissions(make_notice(vendors=vendors), address))


def test_without_hosts_only_the_service_is_admitted():
    assert of() == {
        None: "script-src https://consent.example; connect-src https://consent.example"
    }


def test_a_service_below_a_path_is_admitted_by_its_origin():
    """A path in a source would have to cover redirects as well."""
    (policy,) = of(address="https://shop.example/_consent").values()

    assert "https://shop.example;" in policy
    assert "_consent" not in policy


def test_each_purpose_admits_the_hosts_of_its_vendors_and_no_other():
    found = of(
        vendor("matomo", "analytics", hosts=["cdn.example", "api.example"]),
        vendor("maps", "marketing", hosts=["maps.example"]),
        vendor("both", "analytics", "marketing", hosts=["both.example"]),
    )

    hosts = "https://cdn.example https://api.example https://both.example"
    assert found["analytics"] == f"script-src {hosts}; frame-src {hosts}"
    hosts = "https://maps.example https://both.example"
    assert found["marketing"] == f"script-src {hosts}; frame-src {hosts}"
    assert "audience" not in found
    assert found[None].count("https://") == 2


def test_what_nobody_can_refuse_is_admitted_for_everybody_and_only_once():
    found = of(
        vendor("stripe", "necessary", hosts=["js.stripe.com"]),
        vendor("both", "necessary", "analytics", hosts=["both.example"]),
    )

    assert list(found) == [None]
    assert f"script-src {SERVICE} https://js.stripe.com https://both.ex" in found[None]
    assert "frame-src https://js.stripe.com https://both.example" in found[None]
    assert f"connect-src {SERVICE};" in found[None]
