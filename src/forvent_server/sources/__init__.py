"""Doors through which voices come in, a slice each: a slice sees settings and a place, never the store."""
