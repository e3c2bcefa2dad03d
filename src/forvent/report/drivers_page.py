"""Drivers of satisfaction as one self-contained page."""

from __future__ import annotations

from forvent.records import Driver, Drivers, DriversFound, Estimate, Scale
from forvent.report.frame import framed
from forvent.report.plain_text import plain_text
from forvent.report.sections.drivers import (
    first_ones,
    order_section,
    plane_of,
    plane_section,
    sides_section,
    title_said,
)
from forvent.report.sections.kind_groups import drift_section, segments_section
from forvent.report.sections.kind_parts import (
    PageOpening,
    PageSection,
    block,
    definitions,
    file_lines,
    quoted,
    readable,
)
from forvent.report.sections.opening import Block
from forvent.report.wording import Names, Wording, wording


def drivers_page(found: DriversFound, *, language: str = "en", names: Names) -> str:
    """Drivers as one HTML page that needs no network and no script.

    The order with intervals, penalty and reward of every touchpoint, importance against mean rating with
    undecided points hollow; segments and drift where they were asked for.

    Parameters
    ----------
    found
        What was found; touchpoints are named as the file names them.
    language
        ISO 639-1 code of the language of the page; English where there is no text file for it.
    names
        Names of the catalogue in that language, as for ``page``; only those of the kinds are used.

    Returns
    -------
    str
        The whole HTML document. Names from files are escaped and freed of control characters.

    Source
    ------
    Our own definition, docs/drivers.md.

    Examples
    --------
    >>> drivers_page.__name__
    'drivers_page'
    """
    words = wording(language, names=names, scale=Scale(0, 100))
    drivers = found.drivers
    order, sides = order_section(drivers, wording=words), sides_section(drivers, wording=words)
    plane = plane_section(drivers, wording=words)
    sections = [
        order,
        sides,
        *([plane] if plane else []),
        *(
            segments_section(one, place=place, wording=words)
            for place, one in enumerate(found.segments, start=1)
        ),
        *([drift_section(found.drift, wording=words)] if found.drift else []),
        _data(found, wording=words),
    ]
    opening = PageOpening(
        title=title_said(drivers, wording=words),
        made=words.say("drivers_page.made", date=words.date(found.made_at)),
        read=_read(found, order, wording=words),
        blocks=(
            _first(drivers, to=order, wording=words),
            _basic(drivers, to=sides, wording=words),
            _work(drivers, to=plane or order, wording=words),
        ),
    )
    return framed(
        "kinds_page.html",
        wording=words,
        title=opening.title,
        contents=tuple((section.anchor, section.question) for section in sections),
        opening=opening,
        sections=sections,
        footer=words.say("page.footer", date=words.date(found.made_at)),
    )


def _read(found: DriversFound, order: PageSection, *, wording: Wording) -> tuple[str, ...]:
    drivers = found.drivers
    read = wording.say(
        "drivers_page.read",
        answers=wording.counted("kinds_answers", drivers.answers),
        touchpoints=wording.counted("kinds_touchpoints", len(drivers.touchpoints)),
        file=plain_text(found.reading.file),
    )
    if not isinstance(drivers.explained, Estimate):
        return (read, *order.care)
    explained = wording.say(
        "drivers_page.explained",
        overall=plain_text(drivers.overall),
        share=wording.share_range(drivers.explained),
    )
    return (read, explained, *order.care)


def _first(drivers: Drivers, *, to: PageSection, wording: Wording) -> Block:
    question = wording.say("drivers_page.first_question")
    first = drivers.touchpoints[0]
    if not isinstance(first.share, Estimate) or not isinstance(first.rank, Estimate):
        return block(question, wording.say("drivers_page.block_none"), to=to)
    tied = first_ones(drivers)
    if len(tied) > 1:
        answer = wording.say("drivers_page.first_tied", names=quoted(tied, wording=wording))
        return block(question, answer, to=to)
    answer = wording.say(
        "drivers_page.first_answer",
        name=readable(first.name),
        share=wording.share_value(first.share),
    )
    return block(
        question, answer, details=(wording.share_interval(first.share, noun="kinds_answers"),), to=to
    )


def _basic(drivers: Drivers, *, to: PageSection, wording: Wording) -> Block:
    """The basic touchpoint whose low ratings go with the largest loss."""
    question = wording.say("drivers_page.basic_question")
    sides: list[tuple[Driver, Estimate]] = [
        (one, one.penalty)
        for one in drivers.touchpoints
        if one.kind == "basic" and isinstance(one.penalty, Estimate)
    ]
    if not sides:
        return block(question, wording.say("drivers_page.block_none"), to=to)
    one, penalty = min(sides, key=lambda pair: pair[1].value)
    answer = wording.say(
        "drivers_page.basic_answer",
        name=readable(one.name),
        points=wording.number(100 * abs(penalty.value)),
    )
    details = (wording.say("drivers_page.basic_detail", low=wording.rating_range(penalty)),)
    return block(question, answer, details=details, to=to)


def _work(drivers: Drivers, *, to: PageSection, wording: Wording) -> Block:
    question = wording.say("drivers_page.work_question")
    plane = plane_of(drivers)
    names = [point.name for point in plane.points if point.field == "work"] if plane else []
    if not names:
        return block(question, wording.say("drivers_page.block_none"), to=to)
    return block(question, quoted(names, wording=wording), to=to)


def _data(found: DriversFound, *, wording: Wording) -> PageSection:
    reading = found.reading
    zero = (wording.say(f"drivers_page.zero_{found.zero}"),) if found.zero else ()
    keys = ("importance", "sides", "asymmetry", "driver_kind", "interval")
    return PageSection(
        anchor="data",
        question=wording.say("kinds_page.data_question"),
        finding=wording.say(
            "kinds_page.data_finding",
            used=wording.number(reading.used),
            rows=wording.counted("rows", reading.rows),
        ),
        lines=(*file_lines(reading, wording=wording), *zero),
        definitions=definitions(keys, wording=wording, level=wording.percent(found.drivers.level)),
    )
