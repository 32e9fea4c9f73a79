"""Sample sites, and a demonstration of the whole path."""
