"""The invented shop: what is true of it. Every figure here is put in, none is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

NAME = "Havn & Hylle"

# Customers and how many orders they place.
LANGUAGE_SHARES: Mapping[str, float] = MappingProxyType(
    {"en": 0.28, "cs": 0.20, "nb": 0.16, "et": 0.12, "hy": 0.12, "zh": 0.12}
)
ORDER_COUNTS: Mapping[int, float] = MappingProxyType({1: 0.62, 2: 0.22, 3: 0.11, 4: 0.05})

# Monday to Sunday, relative; and the hours of the day from 0, relative.
WEEKDAYS = (1.25, 1.1, 1.0, 1.0, 1.05, 0.7, 0.9)
HOURS = (
    0.2,
    0.1,
    0.1,
    0.1,
    0.1,
    0.2,
    0.5,
    1,
    1.5,
    1.8,
    2,
    2,
    2.2,
    2,
    1.8,
    1.8,
    2,
    2.2,
    2.5,
    3,
    3.2,
    2.8,
    1.6,
    0.6,
)

CANCELLED = 0.02
# From this share of the record on, the carrier is slower in the regions that say so.
SLOW_FROM = 0.625


@dataclass(frozen=True, slots=True)
class Shipping:
    """A way to get an order: its wait as a factor of the region's, and whether the carrier brings it.

    ``promise_days`` is what the shop prints, for every region: calendar days after the order.
    """

    name: str
    factor: float
    by_carrier: bool
    promise_days: int


@dataclass(frozen=True, slots=True)
class Region:
    """A region: share of orders, lognormal wait (median in days, spread of the logarithm), shipping shares.

    ``slowdown`` multiplies the median of what the carrier brings in the later part of the record.
    """

    name: str
    share: float
    median_days: float
    spread: float
    shipping: tuple[float, float, float]
    slowdown: float = 1.0


SHIPPINGS = (
    Shipping("home delivery", 1.0, by_carrier=True, promise_days=4),
    Shipping("parcel box", 0.95, by_carrier=True, promise_days=7),
    Shipping("store pickup", 0.7, by_carrier=False, promise_days=3),
)
PICKUP = 2
REGIONS = (
    Region("City", 0.35, 1.2, 0.28, (0.4, 0.3, 0.3)),
    Region("Coast", 0.25, 1.9, 0.35, (0.5, 0.35, 0.15)),
    Region("Hills", 0.20, 2.1, 0.35, (0.55, 0.45, 0.0), slowdown=1.8),
    Region("Islands", 0.20, 3.6, 0.50, (0.55, 0.45, 0.0)),
)

# Where a customer speaks, by how the order was shipped: shares of home or box, shares of pickup.
TOUCHPOINTS = ("web shop", "delivery", "help desk", "pickup counter")
CHANNELS: Mapping[str, tuple[str, float, float]] = MappingProxyType(
    {
        "email survey": ("delivery", 0.52, 0.22),
        "web review": ("web shop", 0.28, 0.20),
        "chat": ("help desk", 0.20, 0.16),
        "store card": ("pickup counter", 0.0, 0.42),
    }
)

# Of orders that came or are overdue, and were not cancelled.
SPEAKS = 0.88
SAID_WITHIN_DAYS = 5
ORDER_UNNAMED = 0.05
WITHOUT_TEXT = 0.05
CONTENT_FREE = 0.04
UNRATED = 0.07
MOST_MENTIONS = 3


@dataclass(frozen=True, slots=True)
class Held:
    """An expectation that the shop's customers hold, and what it does to their rating.

    ``penalty`` and ``reward`` are in stars. ``mentioned`` is how often it comes up, ``met``
    how often it is then met; for ``on_time`` and ``fast_delivery`` the order decides both.
    It comes up more often ``at`` its touchpoints than elsewhere.
    """

    id: str
    penalty: float
    reward: float
    mentioned: float = 0.0
    met: float = 0.0
    at: tuple[str, ...] = ()


AT_ITS_TOUCHPOINT = 1.8
ELSEWHERE = 0.7

EXPECTATIONS = (
    Held("on_time", -1.4, 0.1),
    Held("complete_order", -1.2, 0.1, 0.12, 0.75, ("delivery",)),
    Held("product_quality", -1.3, 0.15, 0.16, 0.70, ("web shop", "delivery")),
    Held("problem_solved", -1.1, 0.1, 0.10, 0.55, ("help desk",)),
    Held("easy_returns", -1.0, 0.1, 0.09, 0.50, ("help desk", "pickup counter")),
    Held("fair_price", -1.0, 0.95, 0.13, 0.55, ("web shop",)),
    Held("friendly_staff", -0.9, 0.95, 0.13, 0.65, ("pickup counter", "help desk")),
    Held("fast_response", -0.95, 0.9, 0.11, 0.45, ("help desk",)),
    Held("competent_staff", -0.9, 0.95, 0.10, 0.60, ("help desk", "pickup counter")),
    Held("clear_information", -0.95, 0.95, 0.11, 0.50, ("web shop",)),
    Held("pleasant_surprise", -0.1, 0.9, 0.12, 0.55, ("delivery",)),
    Held("proactive_updates", -0.1, 0.8, 0.12, 0.45, ("delivery",)),
    Held("fast_delivery", 0.0, 0.0),
    Held("easy_digital", 0.0, 0.0, 0.19, 0.55, ("web shop",)),
)
ON_TIME, FAST_DELIVERY = 0, 12

# What the order makes of the two expectations about time.
LATE_SAID = 0.80
KEPT_SAID_MET = 0.15
KEPT_SAID_UNMET = 0.02
SPEED_SAID = 0.25
# Found quick after 1, 2, 3, and 4 or more calendar days; what is late never is.
FOUND_QUICK = (0.95, 0.80, 0.45, 0.10)

# Stars = BASE + effects + normal noise, rounded, within 1 to 5.
BASE_STARS = 3.2
NOISE_STARS = 0.5
LOWEST, HIGHEST = 1, 5
