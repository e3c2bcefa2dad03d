"""Expectations that the catalogue does not know: found, followed over time, accepted by a person."""

from forvent.identify.discovery.accept import candidate_examples, pick_candidate
from forvent.identify.discovery.clause_rows import CLAUSES, clause_rows, clauses_schema
from forvent.identify.discovery.discover import LEAST, Discovered, discover
from forvent.identify.discovery.known import SCHEMA, Known, read_known

__all__ = [
    "CLAUSES",
    "LEAST",
    "SCHEMA",
    "Discovered",
    "Known",
    "candidate_examples",
    "clause_rows",
    "clauses_schema",
    "discover",
    "pick_candidate",
    "read_known",
]
