"""Who expects what: groups found in what customers say, and segments that the business names.

Collected tables go in, records come out::

    found = customers(
        collect(customers_heard(voices)), mentions=collect(customers_mentions(mentions, voices=voices))
    )
    groups = personas(found, rng=rng)
"""

from forvent.assess.personas.answered import answered_customers
from forvent.assess.personas.customers import Customers, customers
from forvent.assess.personas.personas import personas
from forvent.assess.personas.segments import segments
from forvent.assess.personas.tables import customers_heard, customers_mentions, customers_traits

__all__ = [
    "Customers",
    "answered_customers",
    "customers",
    "customers_heard",
    "customers_mentions",
    "customers_traits",
    "personas",
    "segments",
]
