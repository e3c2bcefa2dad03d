"""What do we change? Kept rates, and the promise that the record supports.

The rooms ``promise``, ``backtest``, ``calendar`` and ``waiting`` are imported by their names: they
need libraries that take time to load.
"""

from forvent.adjust.alarm import Side, Watch, alarms_on, cases_until, watch_on
from forvent.adjust.business_clock import CLOCK
from forvent.adjust.cases import Cases, cases_from
from forvent.adjust.exceed import what_to_exceed
from forvent.adjust.frontier import frontier
from forvent.adjust.history import History
from forvent.adjust.kept import kept_by_group, kept_rates
from forvent.adjust.lengths import length_to_say, round_to_say, unit_to_say
from forvent.adjust.margin import level_for_costs, promise_and_target, promise_for_costs
from forvent.adjust.outcomes import OTHER, UNKNOWN, name_groups, outcomes
from forvent.adjust.promise.at_most import promise_at_most
from forvent.adjust.promise.from_record import promise_from_record, promises_by_group
from forvent.adjust.tried import ended_within, frontier_by_group, what_if

__all__ = [
    "CLOCK",
    "OTHER",
    "UNKNOWN",
    "Cases",
    "History",
    "Side",
    "Watch",
    "alarms_on",
    "cases_from",
    "cases_until",
    "ended_within",
    "frontier",
    "frontier_by_group",
    "kept_by_group",
    "kept_rates",
    "length_to_say",
    "level_for_costs",
    "name_groups",
    "outcomes",
    "promise_and_target",
    "promise_at_most",
    "promise_for_costs",
    "promise_from_record",
    "promises_by_group",
    "round_to_say",
    "unit_to_say",
    "watch_on",
    "what_if",
    "what_to_exceed",
]
