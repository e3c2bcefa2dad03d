"""Kept alerts for the terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from forvent.records.change import KeptAlert, KeptAlerts
from forvent.report.plain_text import plain_text
from forvent.report.sections.change import alert_said
from forvent.report.summary import part_of_summary
from forvent.report.wording import Names, Wording, wording


def alerts_summary(kept: KeptAlerts, *, language: str = "en", names: Names) -> RenderableType:
    """Kept alerts as a short text for the terminal: open ones first, each with its id.

    Parameters
    ----------
    kept
        The alerts of a folder.
    language
        ISO 639-1 code; English where there is no text file for it.
    names
        Names of the catalogue in that language, as for ``page``.

    Returns
    -------
    RenderableType
        For ``rich.console.Console.print``; what people wrote is shown as text, never read as markup.

    Source
    ------
    Our own definition, docs/alerts.md.

    Examples
    --------
    >>> from rich.console import Console
    >>> Console().print(alerts_summary(KeptAlerts(()), names={}))
    No alerts are kept
    """
    words = wording(language, names=names, scale=None)
    waiting = [one for one in kept.alerts if one.acknowledged is None]
    seen = [one for one in kept.alerts if one.acknowledged is not None]
    if not kept.alerts:
        return Text(words.say("alerts.none"))
    parts: list[RenderableType] = [
        Text(words.counted("alerts_open", len(waiting)), style="bold"),
        *(_shown(one, words) for one in waiting),
    ]
    if seen:
        parts += part_of_summary(words.say("alerts.acknowledged"), [_shown(one, words) for one in seen])
    return Group(*parts)


def _shown(one: KeptAlert, words: Wording) -> RenderableType:
    lines = [plain_text(one.alert.id), alert_said(one.alert, wording=words)]
    noted = one.acknowledged
    if noted is not None:
        said = words.say("alerts.by", by=plain_text(noted.by), at=words.date(noted.at))
        lines.append(": ".join(part for part in (said, plain_text(noted.note)) if part))
    first, *rest = lines
    return Group(Text(first), *(Padding(Text(line), (0, 0, 0, 2), expand=False) for line in rest))
