"""What can go wrong with the demonstration."""


class DemoError(Exception):
    """Something that the person at the terminal can put right."""
