"""Notes of a reading in the language of a report: an English sentence is known again by its pattern.

What is read says what came to light in English, and findings keep it so. The texts have each sentence under a
key; the English one, with its fields, is the pattern.
"""

from __future__ import annotations

import re
import string
from functools import cache

from forvent.report.text_files import ENGLISH, REPORT_TEXTS
from forvent.report.wording import Wording


def note_said(note: str, *, wording: Wording) -> str:
    """A note in the language of the report; as it stands where no text is known.

    Parameters
    ----------
    note
        As the reading said it, in English.
    wording
        The words of the report.

    Returns
    -------
    str
        The same, with the same values.

    Source
    ------
    Our own definition.

    Examples
    --------
    >>> from forvent.report.wording import wording
    >>> czech = wording("cs", names={}, scale=None)
    >>> note_said("Texts with HTML, read as plain text: 3.", wording=czech)
    'Texty s HTML, čtené jako prostý text: 3.'
    >>> note_said("The moon is full.", wording=czech)
    'The moon is full.'
    """
    if wording.language == ENGLISH:
        return note
    for key, pattern in _patterns():
        found = pattern.fullmatch(note)
        if found:
            fields = {
                name: wording.say(f"reading_words.{_WORDS[value]}") if value in _WORDS else value
                for name, value in found.groupdict().items()
            }
            if "field" in fields:
                fields["field"] = wording.looked_up("meanings", fields["field"])
            return wording.say(f"reading_notes.{key}", **fields)
    return note


#: Words inside a note that have a text of their own.
_WORDS = {"the day first": "day_first", "the month first": "month_first"}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The patterns by key, those with the most words of their own first."""
    texts = REPORT_TEXTS.texts(ENGLISH)["reading_notes"]
    made = [(key, re.compile(_pattern(text), re.DOTALL)) for key, text in texts.items()]
    return tuple(sorted(made, key=lambda pair: -len(re.sub(r"\{.*?\}", "", texts[pair[0]]))))


def _pattern(text: str) -> str:
    parts = string.Formatter().parse(text)
    return "".join(re.escape(plain) + (f"(?P<{name}>.+?)" if name else "") for plain, name, *_ in parts)
