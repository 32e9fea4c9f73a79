"""Pure rules and values: no clock, no environment, no I/O."""
