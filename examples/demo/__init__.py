"""The demonstration: the service, a marketing page and an analytics gateway."""
