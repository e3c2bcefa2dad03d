"""A backtest as one self-contained page."""

from __future__ import annotations

from typing import Any

from forvent.records import Backtest
from forvent.report.frame import framed
from forvent.report.pictures.legend import row_axis
from forvent.report.sections.backtest_cases import backtest_opening, cases_section
from forvent.report.sections.backtest_frontier import frontier_section
from forvent.report.sections.backtest_groups import groups_section
from forvent.report.sections.backtest_months import lengths_section, months_section
from forvent.report.sections.backtest_tracks import tracks_section
from forvent.report.wording import wording

SECTIONS = {
    "tracks": tracks_section,
    "months": months_section,
    "lengths": lengths_section,
    "frontier": frontier_section,
    "groups": groups_section,
    "cases": cases_section,
}


def backtest_page(backtest: Backtest, *, language: str, title: str = "") -> str:
    """A backtest as one HTML page that needs no network and no script.

    Every heading states a finding, every picture has a text alternative and a table behind it, every
    kept share its interval and count. Names from files are escaped and freed of control characters.

    Parameters
    ----------
    backtest
        The walk through time; months are named as 2018-02.
    language
        ISO 639-1 code of the language of the page; English where there is no text file for it. Notes
        and names from files stay as they came.
    title
        What the backtest is of; empty for none.

    Returns
    -------
    str
        The whole HTML document.

    Source
    ------
    Our own definition, docs/howto/backtest.md.

    Examples
    --------
    >>> list(SECTIONS)
    ['tracks', 'months', 'lengths', 'frontier', 'groups', 'cases']
    """
    words = wording(language, names={}, scale=None)
    context: dict[str, Any] = {name: section(backtest, wording=words) for name, section in SECTIONS.items()}
    opening = backtest_opening(backtest, title=title, wording=words)
    return framed(
        "backtest.html",
        wording=words,
        title=opening.title,
        contents=tuple((name, words.say(f"backtest.{name}.question")) for name in SECTIONS),
        opening=opening,
        axis=row_axis(context["groups"].ticks),
        footer=words.say("backtest.footer"),
        **context,
    )
