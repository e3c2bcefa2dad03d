"""The same words as JSON, under /api/v1."""
