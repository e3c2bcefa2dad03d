"""A waiting line: estimators, and the range that is announced."""
