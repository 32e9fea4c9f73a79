"""Use cases: plain functions, values in and values out."""
