"""What schemathesis has to know of our JSON beyond its schemas."""

import schemathesis


@schemathesis.hook
def map_body(_context, body):
    """Write whole numbers as such: to a schema `1.0` is one as well, to us not."""
    return whole(body)


def whole(value):
    """Return a value in which no whole number has a point."""
    if isinstance(value, dict):
        return {name: whole(one) for name, one in value.items()}
    if isinstance(value, list):
        return [whole(one) for one in value]
    is_whole = isinstance(value, float) and value.is_integer()
    return int(value) if is_whole else value
