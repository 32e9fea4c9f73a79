"""Site files made from those of the demo."""

import yaml

WORDS = "نص قصير"


def in_arabic(site_file, site, origin):
    """Return a site file as one of another site, every text in Arabic."""
    told = arabic(yaml.safe_load(site_file))
    changes = {"site": site, "origins": [origin], "locales": ["ar"]}
    return yaml.safe_dump(told | changes, allow_unicode=True)


def arabic(value):
    """Return a value of a site file with every text in Arabic."""
    if isinstance(value, list):
        return [arabic(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "en" in value:
        return {"ar": WORDS}
    return {name: arabic(one) for name, one in value.items()}
