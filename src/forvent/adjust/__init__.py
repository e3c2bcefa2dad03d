"""What do we change? Kept rates, and the promise that the record supports."""

from forvent.adjust.cases import Cases, cases_from
from forvent.adjust.checked import promise_from_record, promises_by_group
from forvent.adjust.frontier import frontier
from forvent.adjust.kept import kept_by_group, kept_rates
from forvent.adjust.lengths import length_to_say, unit_to_say
from forvent.adjust.outcomes import OTHER, UNKNOWN, name_groups, outcomes
from forvent.adjust.promise import promise_at_most

__all__ = [
    "OTHER",
    "UNKNOWN",
    "Cases",
    "cases_from",
    "frontier",
    "kept_by_group",
    "kept_rates",
    "length_to_say",
    "name_groups",
    "outcomes",
    "promise_at_most",
    "promise_from_record",
    "promises_by_group",
    "unit_to_say",
]
