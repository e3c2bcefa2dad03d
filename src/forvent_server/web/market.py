"""The market: how we stand beside the companies that voices speak of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from forvent.report.market_page import MarketOpening, market_opening
from forvent.report.pictures.legend import row_axis
from forvent.report.sections.market import AgainstSection, against_section
from forvent.report.sections.market_sides import SidesSection, sides_section
from forvent_server.assessed import market_of, newest_assessment
from forvent_server.web.pages import Asked, draw, page


@dataclass(frozen=True, slots=True)
class MarketPage:
    """A section for each other company; none before voices about one came in."""

    opening: MarketOpening | None
    sections: tuple[AgainstSection, ...]
    sides: SidesSection | None
    axis: Any


@page()
def market_page(request: Asked) -> HttpResponse:
    """What is said of us and of others, expectation by expectation."""
    newest = newest_assessment()
    market = market_of(newest) if newest else None
    if market is None:
        return draw(request, "pages/market.html", MarketPage(None, (), None, ""))
    words = request.words
    sections = tuple(against_section(market, place, wording=words) for place in range(len(market.against)))
    shown = MarketPage(
        opening=market_opening(market, wording=words),
        sections=sections,
        sides=sides_section(market, wording=words),
        axis=row_axis(sections[0].ticks) if sections else "",
    )
    return draw(request, "pages/market.html", shown)
