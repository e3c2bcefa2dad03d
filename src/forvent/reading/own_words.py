"""Of a mail or a page only what its writer wrote anew: no quoted mails, signatures, footers or tags."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from forvent.reading.plain_html import is_html, plain_html

# A closing formula stands near the end, with a few short lines behind it: name, post, telephone.
_CLOSING_LINES = 7
_SHORT_LINE = 70
_HEADER_LINES = 3
_RULE = re.compile(r"\s*[_=-]{5,}\s*")
_QUOTE = re.compile(r"\s{0,3}>")
_AMOUNT = re.compile(r"\s{0,3}>\s*\d")


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What somebody wrote anew, and whether others' words, a closing or tags were left out for it."""

    text: str
    quoted: bool = False
    closing: bool = False
    marked_up: bool = False


def own_words(text: str) -> OwnWords:
    """What the writer of a mail or page wrote anew; any other text as it is.

    Where nothing of one's own remains (a mail passed on without a word), the text is kept.
    """
    if not may_hold_others(text):
        return OwnWords(text)
    has_lines = "\n" in text
    marked_up = is_html(text)
    quoted = False
    if marked_up:
        page = plain_html(text)
        text, quoted = page.text, page.quoted
        has_lines = "\n" in text
    if not has_lines:
        return OwnWords(text, quoted=quoted, marked_up=marked_up)
    lines = text.split("\n")
    new, cut = _without_quotes(lines)
    own, closed = _without_closing(new)
    result = "\n".join(own).strip() if cut or closed else text
    if not result:
        return OwnWords(text, quoted=quoted, marked_up=marked_up)
    return OwnWords(result, quoted=quoted or cut, closing=closed, marked_up=marked_up)


def may_hold_others(text: str) -> bool:
    """A quick look: False for one line without tags, which its writer wrote alone."""
    return "\n" in text or "<" in text or "&" in text


def _without_quotes(lines: Sequence[str]) -> tuple[list[str], bool]:
    """The lines without those of other mails, and whether there were any."""
    own: list[str] = []
    quotes = sum(_QUOTE.match(line) is not None for line in lines)
    cut, at = False, 0
    while at < len(lines):
        line = lines[at]
        length = _attribution(lines, at)
        if length:
            cut = True
            at += length
            rest = next((other for other in lines[at:] if other.strip()), "")
            # Below a quote marked with ">" the writer may go on; behind any other the rest is the old mail.
            if not _QUOTE.match(rest):
                break
            quotes += 1
        elif _is_old_mail(lines, at):
            return _trimmed(own), True
        elif _QUOTE.match(line) and (quotes > 1 or not _AMOUNT.match(line)):
            cut = True
            at += 1
        else:
            own.append(line)
            at += 1
    return (_trimmed(own) if cut else own), cut


def _trimmed(lines: list[str]) -> list[str]:
    while lines and (not lines[-1].strip() or _RULE.fullmatch(lines[-1])):
        lines.pop()
    return lines


def _attribution(lines: Sequence[str], at: int) -> int:
    """How many lines, one or two, say "On … somebody wrote:"; 0 where none do."""
    line = lines[at].strip()
    if not line or len(line) > 200 or not _wrote_first().match(line):
        return 0
    if _wrote_last().search(line):
        return 1
    following = lines[at + 1].strip() if at + 1 < len(lines) else ""
    return 2 if following and len(following) <= 120 and _wrote_last().search(following) else 0


def _is_old_mail(lines: Sequence[str], at: int) -> bool:
    """True where an old mail begins: "-----Original Message-----", or From, Sent and To one below another."""
    line = lines[at].strip(" \t-_*=")
    if line and len(line) <= 60 and line.casefold().rstrip(":") in _originals():
        return lines[at].strip().startswith(("-", "_", "*", "=")) or lines[at].rstrip().endswith(":")
    if not _header().match(lines[at]):
        return False
    following = lines[at : at + 6]
    return sum(_header().match(other) is not None for other in following) >= _HEADER_LINES


def _without_closing(lines: Sequence[str]) -> tuple[list[str], bool]:
    """The lines before a signature, a note of a telephone or a legal footer, and whether there was one."""
    own = list(lines)
    end = next((at for at, line in enumerate(own) if line.rstrip() in ("--", "-- ") and at), len(own))
    end = min(end, next((at for at, line in enumerate(own) if at and _footer().match(line)), len(own)))
    kept = [line for line in own[:end] if not _sent_from().match(line)]
    filled = [at for at, line in enumerate(kept) if line.strip()]
    for at in filled[-_CLOSING_LINES:]:
        behind = [kept[other] for other in filled if other >= at]
        if (
            at != filled[0]
            and _closing().match(kept[at])
            and all(len(line) <= _SHORT_LINE for line in behind)
        ):
            kept = kept[:at]
            break
    return kept, len(kept) < len(own)


@cache
def _lists() -> Mapping[str, Sequence[str]]:
    return tomllib.loads(files("forvent.reading").joinpath("own_words.toml").read_text(encoding="utf-8"))


def _any_of(field: str) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(_lists()[field], key=lambda one: (-len(one), one)))


@cache
def _wrote_first() -> re.Pattern[str]:
    return re.compile(rf"(?:{_any_of('on')})|.{{0,80}}(?:<[^<>]*@|\d{{4}}|\d{{1,2}}:\d{{2}})", re.I)


@cache
def _wrote_last() -> re.Pattern[str]:
    return re.compile(rf"(?:{_any_of('wrote')})(?: .{{0,60}})?\s*[:：]$", re.I)


@cache
def _originals() -> frozenset[str]:
    return frozenset(phrase.casefold() for phrase in _lists()["original"])


@cache
def _header() -> re.Pattern[str]:
    return re.compile(rf"[>* ]{{0,3}}(?:{_any_of('headers')})\*?\s?[:：]", re.I)


@cache
def _footer() -> re.Pattern[str]:
    return re.compile(rf"\W{{0,3}}(?:{_any_of('footers')})", re.I)


@cache
def _sent_from() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{_any_of('sent_from')})", re.I)


@cache
def _closing() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{_any_of('closings')})(?!\w)", re.I)
