"""How fast the service is, and whether it stays so as ledgers grow."""
