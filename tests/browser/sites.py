"""Site files made from those of the demo."""

import json

import yaml

from consent.services import sitefiles
from tests.factories import in_each

WORDS = {"ar": "نص قصير", "ja": "短いテキスト", "gl": "un texto curto"}
SIGNALS = {
    "google": {
        "ad_storage": "marketing",
        "ad_user_data": "marketing",
        "ad_personalization": "marketing",
        "analytics_storage": "analytics",
        "security_storage": "necessary",
        "ads_data_redaction": True,
        "url_passthrough": True,
    },
    "uet": "marketing",
    "clarity": "analytics",
    "meta": {"consent": "marketing", "limited_data_use": "marketing"},
    "tiktok": "marketing",
    "matomo": "marketing",
    "posthog": "marketing",
    "shopify": {
        "analytics": "analytics",
        "marketing": "marketing",
        "sale_of_data": "marketing",
    },
    "wordpress": {
        "functional": "necessary",
        "statistics": "analytics",
        "marketing": "marketing",
    },
    "tag_manager": True,
}
HEADING = "أنت تقرر ما يجوز لنا قياسه"
INTRO = (
    "يحتاج تسجيل الدخول والدفع والأمان إلى بعض ملفات تعريف الارتباط. وكل ما عدا ذلك لا"
    " يحدث إلا إذا سمحت به. لا نبيع بياناتك الشخصية أبدا. ويمكنك تغيير رأيك في أي وقت."
)
SISTERS = ("shop-a", "shop-b")
WIDE_DOMAIN = "wide.localhost"
WIDE_HOSTS = [f"{name}.{WIDE_DOMAIN}" for name in ("shop", "blog")]


def in_one_language(site_file, site, origin, locale):
    """Return a site file as one of another site, every text in one language."""
    told = in_each(yaml.safe_load(site_file), [locale], lambda _: WORDS[locale])
    changes = {"site": site, "origins": [origin], "locales": [locale]}
    return yaml.safe_dump(told | changes, allow_unicode=True)


def dressed(site_file, site, origin, appearance):
    """Return a notice in German and Arabic of a site that looks like this."""
    told = in_each(yaml.safe_load(site_file), ["de", "ar"], lambda text: text["de"])
    told["texts"]["heading"]["ar"], told["texts"]["intro"]["ar"] = HEADING, INTRO
    for purpose in told["purposes"]:
        purpose["title"]["ar"] = purpose["description"]["ar"] = WORDS["ar"]
    changes = {"site": site, "origins": [origin], "locales": ["de", "ar"]}
    changes["appearance"] = appearance
    # It has dates, and words of ours that YAML cannot write.
    return sitefiles.load(json.dumps(told | changes, default=str))


def of_all_hosts(site_file, site, domain, hosts):
    """Return a site file as one of a site on https, one answer for all its hosts."""
    told = yaml.safe_load(site_file)
    origins = [f"https://{host}" for host in hosts]
    changes = {"site": site, "origins": origins, "cookie_domain": domain}
    return yaml.safe_dump(told | changes, allow_unicode=True)


def of_sisters(site_file, site, origins):
    """Return a site file as one of a site on domains that share no cookie."""
    told = yaml.safe_load(with_parts(site_file, site, origins[0]))
    changes = {"origins": origins, "carry_between_origins": True}
    return yaml.safe_dump(told | changes)


def with_parts(site_file, site, origin, **changes):
    """Return a site file as one of a site that uses optional parts of the script.

    It asks about two purposes; one vendor acts for each, one for what is necessary.
    """
    told = yaml.safe_load(site_file)
    necessary, analytics = told["purposes"]
    marketing = analytics | {
        "id": "marketing",
        "title": {"en": "Videos", "de": "Videos"},
    }
    publisher, plausible = told["vendors"]
    vendors = [
        publisher | {"hosts": ["pay.example"]},
        plausible | {"hosts": ["count.example"]},
        plausible
        | {"id": "tube", "purposes": ["marketing"], "hosts": ["tube.example"]},
    ]
    changes |= {"site": site, "origins": [origin], "vendors": vendors}
    purposes = [necessary, analytics, marketing]
    return yaml.safe_dump(told | changes | {"purposes": purposes})


def in_languages(site_file, site, origin, locales):
    """Return a site file as one of another site, which speaks all these languages.

    What it says itself stays English: only the standard texts are told apart.
    """
    told = in_each(yaml.safe_load(site_file), locales, lambda text: text["en"])
    changes = {"site": site, "origins": [origin], "locales": locales}
    return yaml.safe_dump(told | changes, allow_unicode=True)


def with_signals(site_file, site, origin):
    """Return a site file as one of a site that sells, and tells every tool."""
    told = yaml.safe_load(with_parts(site_file, site, origin, signals=SIGNALS))
    titled = {"title": {"en": "Advertising", "de": "Werbung"}}
    told["purposes"][2] |= titled | {"sells": True}
    return yaml.safe_dump(told, allow_unicode=True)


def with_cookie(site_file, name):
    """Return a site file whose last vendor leaves a cookie on the site's own host."""
    told = yaml.safe_load(site_file)
    cookie = {"name": name, "purpose": told["vendors"][-1]["purposes"][0]}
    words = {"en": "A number for this visit.", "de": "Eine Zahl für diesen Besuch."}
    told["vendors"][-1]["cookies"] = [
        cookie | {"lifetime": "1 year", "description": words}
    ]
    return yaml.safe_dump(told, allow_unicode=True)


def large(site_file, site, origin, *, vendors, cookies):
    """Return a site file with this many vendors, who share this many cookies."""
    told = yaml.safe_load(selling(site_file, site, origin, regime="opt-in"))
    template = told["vendors"][-1]
    purposes = [purpose["id"] for purpose in told["purposes"]]
    words = {"en": "A number for this visit.", "de": "Eine Zahl für diesen Besuch."}

    def cookie(number, purpose):
        named = {"name": f"cookie_{number}", "purpose": purpose}
        return named | {"lifetime": "13 months", "description": words}

    told["vendors"] = [
        template
        | {"id": f"vendor-{number}", "name": f"Vendor {number}"}
        | {"purposes": [purposes[number % len(purposes)]]}
        | {
            "cookies": [
                cookie(one, purposes[number % len(purposes)])
                for one in range(number, cookies, vendors)
            ]
        }
        for number in range(vendors)
    ]
    return yaml.safe_dump(told, allow_unicode=True)


def selling(site_file, site, origin, **changes):
    """Return a site file as one of another site, with a purpose that sells beside."""
    told = yaml.safe_load(site_file)
    analytics = told["purposes"][-1]
    title = {"en": "Advertising", "de": "Werbung"}
    ads = analytics | {"id": "marketing", "title": title, "sells": True}
    audience = analytics | {"id": "audience", "basis": "objection"}
    audience["title"] = {"en": "Audience measurement", "de": "Reichweitenmessung"}
    told["purposes"] += [ads, audience]
    del told["regime"]
    changes = {"site": site, "origins": [origin]} | changes
    return yaml.safe_dump(told | changes, allow_unicode=True)
