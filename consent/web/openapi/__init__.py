"""The contract of the JSON API as OpenAPI 3.1: made from what decodes and encodes."""
