"""The comparison with others as one self-contained page."""

from __future__ import annotations

from dataclasses import dataclass

from forvent.records.market import Market
from forvent.report.frame import framed
from forvent.report.pictures.legend import row_axis
from forvent.report.plain_text import plain_text
from forvent.report.sections.market import AHEAD, BEHIND, against_section, market_picture, named
from forvent.report.sections.market_sides import SIDES, care_lines, largest, own_name, sides_section
from forvent.report.sections.opening import Block
from forvent.report.wording import Names, Wording, wording


@dataclass(frozen=True, slots=True)
class MarketOpening:
    """All that the head of the page shows."""

    title: str
    made: str
    read: tuple[str, ...]
    blocks: tuple[Block, ...]


def market_page(market: Market, *, language: str = "en", names: Names) -> str:
    """A comparison with others as one HTML page that needs no network and no script.

    A section for each other company: what we are behind in first, every row with quotes of both sides, every
    share with its interval and count. What makes the voices hard to compare stands above the rows.

    Parameters
    ----------
    market
        What was found; rows are shown in the order they come in.
    language
        ISO 639-1 code of the language of the page; English where there is no text file for it.
    names
        Names of the catalogue in that language, as for ``page``.

    Returns
    -------
    str
        The whole HTML document. Words of customers and names from files are escaped and freed of control
        characters.

    Source
    ------
    Our own definition, docs/howto/compare-with-others.md.

    Examples
    --------
    >>> SIDES
    'sides'
    """
    words = wording(language, names=names, scale=None)
    sections = [against_section(market, place, wording=words) for place in range(len(market.against))]
    opening = market_opening(market, wording=words)
    return framed(
        "market.html",
        wording=words,
        title=opening.title,
        contents=(
            *((section.anchor, section.question) for section in sections),
            (SIDES, words.say("market.sides.question")),
        ),
        opening=opening,
        sections=sections,
        sides=sides_section(market, wording=words),
        axis=row_axis(sections[0].ticks) if sections else "",
        footer=words.say("page.footer", date=words.date(market.made_at)),
    )


def market_opening(market: Market, *, wording: Wording) -> MarketOpening:
    """Title, what was read, and three blocks: behind, ahead, how far it can be compared."""
    companies = [(own_name(market, wording=wording), market.own)]
    companies += [(plain_text(against.other.name), against.other) for against in market.against]
    return MarketOpening(
        title=market_title(market, wording=wording),
        made=wording.say("market.made", date=wording.date(market.made_at)),
        read=tuple(
            wording.say(
                "market.read",
                name=name,
                voices=wording.counted("voices", one.voices),
                customers=wording.counted("customers", one.customers),
            )
            for name, one in companies
        ),
        blocks=(
            _block(market, BEHIND, key="behind", wording=wording),
            _block(market, AHEAD, key="ahead", wording=wording),
            _care_block(market, wording),
        ),
    )


def market_title(market: Market, *, wording: Wording) -> str:
    """The title, with the name of one's own company where it is known."""
    own = plain_text(market.own.name)
    return wording.say("market.title_own", own=own) if own else wording.say("market.title")


def _block(market: Market, verdict: str, *, key: str, wording: Wording) -> Block:
    found = largest(market, verdict)
    question = wording.say(f"market.{key}_question")
    if found is None:
        first = plain_text(market.against[0].other.name) if market.against else ""
        link = wording.say("market.link", other=first)
        return Block(question, wording.say(f"market.{key}_none"), (), None, "against-1", link)
    place, against, one, difference = found
    other = plain_text(against.other.name)
    answer = wording.say(
        f"market.{key}_answer",
        name=named(one.expectation, wording=wording),
        points=wording.points(difference.value),
        other=other,
    )
    met = wording.say(
        "market.met",
        own=wording.share_range(one.own.met),
        theirs=wording.share_range(one.other.met),
        other=other,
    )
    return Block(
        question=question,
        answer=answer,
        details=(met,),
        picture=market_picture(one, other, wording=wording),
        anchor=f"against-{place + 1}",
        link=wording.say("market.link", other=other),
    )


def _care_block(market: Market, wording: Wording) -> Block:
    lines = list(
        dict.fromkeys(
            line for against in market.against for line in care_lines(market.own, against, wording=wording)
        )
    )
    return Block(
        question=wording.say("market.care_question"),
        answer=wording.say("market.care_some" if lines else "market.care_none"),
        details=tuple(lines[:2]),
        picture=None,
        anchor=SIDES,
        link=wording.say("market.care_link"),
    )
