"""Our server and gateways beside others: checks, records, decisions, withdrawals."""
