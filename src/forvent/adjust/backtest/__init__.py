"""A walk as it would have been, beside other ways of promising."""
