"""Commands for operators, a file a noun."""
