"""Errors of the library in the language of the page: an English sentence is recognised by its pattern.

The library speaks English, and what a job could not do is kept in the store as it was said. The catalogue has
each sentence under a key; the English text, with its fields, is the pattern by which it is known again.
"""

from __future__ import annotations

import re
import string
from functools import cache

from forvent.report.sections.sources import reason_said
from forvent.report.wording import Wording
from forvent_server.web.language import PAGE_TEXTS

#: The name of what follows the message.
HINT = "hint_after"


def in_words(text: str, *, words: Wording) -> str:
    """What happened and what to do, in the language of the page; as it stands where no text is known."""
    if words.language == "en":
        return text
    for key, pattern in _patterns("troubles"):
        found = pattern.fullmatch(text)
        if found:
            fields = found.groupdict()
            hint = _hint(fields.pop(HINT) or "", words=words)
            said = words.say(f"troubles.{key}", **_fields(fields, words=words))
            # Chinese puts no blank between two sentences.
            return f"{said}{hint}" if words.language == "zh" else f"{said} {hint}".strip()
    return text


def reason_in_words(reason: str, *, words: Wording) -> str:
    """Why a row could not be used: the field, where one is named, and the reason."""
    field, colon, rest = reason.partition(": ")
    if colon and field in words.texts["meanings"]:
        return f"{words.looked_up('meanings', field)}: {reason_said(rest, wording=words)}"
    return reason_said(reason, wording=words)


def known_again(text: str, *, table: str, words: Wording) -> str:
    """A text of one table of the catalogue, known by its English pattern; as it stands where it is none."""
    if words.language == "en":
        return text
    key, fields = recognised(text, table=table)
    return words.say(f"{table}.{key}", **fields) if key else text


def recognised(text: str, *, table: str) -> tuple[str, dict[str, str]]:
    """Key and fields of the text of a table that is known by its English pattern; no key where none is."""
    for key, pattern in _patterns(table):
        found = pattern.fullmatch(text)
        if found:
            return key, found.groupdict(default="")
    return "", {}


def _hint(text: str, *, words: Wording) -> str:
    return known_again(text, table="trouble_hints", words=words)


def _fields(fields: dict[str, str], *, words: Wording) -> dict[str, str]:
    told = dict(fields)
    if "what" in told:
        told["what"] = _word(told["what"], words=words)
    if "field" in told:
        told["field"] = _field(told["field"], words=words)
    if "role" in told:
        told["role"] = words.looked_up("roles", told["role"])
    if "reasons" in told:
        told["reasons"] = "; ".join(
            reason_in_words(part, words=words) for part in told["reasons"].split("; ")
        )
    return told


def _field(name: str, *, words: Wording) -> str:
    """A field of a source as its form names it."""
    return str(words.texts["source_fields"].get(name, words.texts["imports_fields"].get(name, name)))


def _word(said: str, *, words: Wording) -> str:
    english = PAGE_TEXTS.texts("en")["trouble_words"]
    key = next((key for key, text in english.items() if text == said), None)
    return words.say(f"trouble_words.{key}") if key else words.looked_up("meanings", said)


@cache
def _patterns(table: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The patterns of the English texts by key, those with the most words of their own first."""
    texts = PAGE_TEXTS.texts("en")[table]
    tail = rf"(?: (?P<{HINT}>.*))?" if table == "troubles" else ""
    made = [(key, re.compile(_pattern(text) + tail, re.DOTALL)) for key, text in texts.items()]
    return tuple(sorted(made, key=lambda pair: -len(re.sub(r"\{.*?\}", "", texts[pair[0]]))))


def _pattern(text: str) -> str:
    parts = string.Formatter().parse(text)
    return "".join(re.escape(plain) + (f"(?P<{name}>.+?)" if name else "") for plain, name, *_ in parts)
