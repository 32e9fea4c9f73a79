"""Our banner and those of others, on one page in a real browser."""
