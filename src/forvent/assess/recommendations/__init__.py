"""Which products are bought together, and what could be recommended to whom."""

from forvent.assess.recommendations.baskets import Baskets, baskets
from forvent.assess.recommendations.chance import expected_together
from forvent.assess.recommendations.offered import Offers, offers
from forvent.assess.recommendations.together import MOST_BOUGHT, Together, bought_together, shrunk_lift
from forvent.assess.recommendations.trial import FEW_TRIED, LEAST_TRIED, Hits, difference, hits
from forvent.assess.recommendations.voiced import Voiced, said_of_products, voiced

__all__ = [
    "FEW_TRIED",
    "LEAST_TRIED",
    "MOST_BOUGHT",
    "Baskets",
    "Hits",
    "Offers",
    "Together",
    "Voiced",
    "baskets",
    "bought_together",
    "difference",
    "expected_together",
    "hits",
    "offers",
    "said_of_products",
    "shrunk_lift",
    "voiced",
]
