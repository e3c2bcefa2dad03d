"""HTML → text, without what a page does not show and without quoted mails."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_IS_HTML = re.compile(
    r"<(?:/|!--|!doctype\b)?(?:!--|html|head|body|br|p|div|span|table|tr|td|th|ul|ol|li|b|i|u|a|em|strong|font|img|h[1-6]|blockquote|style|script|center|hr|pre)"
    r"(?:\s[^<>]*)?/?>|<!doctype\b|<!--|&(?:nbsp|amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});",
    re.I,
)
_TAG = re.compile(r"<(?P<end>/)?(?P<name>[a-zA-Z][a-zA-Z0-9:]*)(?P<rest>[^<>]*)>|<!--|<![^<>]*>|<\?[^<>]*>")
_HIDDEN = frozenset(("script", "style", "head", "title", "template", "noscript", "svg"))
_BLOCKS = frozenset(
    (
        "p",
        "div",
        "tr",
        "table",
        "ul",
        "ol",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "hr",
        "pre",
        "center",
    )
)
_QUOTED_BLOCK = re.compile(
    r"gmail_quote|gmail_attr|yahoo_quoted|moz-cite-prefix|protonmail_quote|zmail_extra|qmbox", re.I
)
# Behind this mark Outlook puts the mail that is answered.
_REST_IS_OLD = re.compile(
    r"divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|mail-editor-reference-message", re.I
)
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")
_MANY_LINES = re.compile(r"\s*\n\s*\n\s*")
_AROUND = re.compile(r" *\n *")


@dataclass(frozen=True, slots=True)
class Page:
    """The text that a page shows, and whether quoted mails were left out."""

    text: str
    quoted: bool


def is_html(text: str) -> bool:
    """True where a text holds tags or entities, and not merely "<3" or "x < y"."""
    return ("<" in text or "&" in text) and _IS_HTML.search(text) is not None


def plain_html(text: str) -> Page:
    """The text as a reader of the page sees it; all of it where nothing but quoted mail is there."""
    own = _shown(text, quotes=False)
    if own.quoted and not own.text:
        return Page(_shown(text, quotes=True).text, quoted=False)
    return own


def _shown(text: str, *, quotes: bool) -> Page:
    page = _Reader(quotes=quotes)
    at = 0
    for tag in _TAG.finditer(text):
        if tag.start() < at:
            continue
        page.words(text[at : tag.start()])
        at = tag.end()
        if tag[0] == "<!--":
            end = text.find("-->", at)
            at = len(text) if end < 0 else end + 3
        elif tag["name"]:
            page.tag(tag["name"].lower(), tag["rest"], end=tag["end"] is not None)
            if page.rest_is_old:
                break
    else:
        page.words(text[at:])
    return Page(page.text(), page.quoted)


class _Reader:
    """Gathers the words between tags, unless they stand inside something that is left out."""

    def __init__(self, *, quotes: bool) -> None:
        self._quotes = quotes
        self._parts: list[str] = []
        self._inside = ""
        self._depth = 0
        self.quoted = False
        self.rest_is_old = False

    def words(self, words: str) -> None:
        """Text between two tags."""
        if not self._inside:
            # Line ends in the source are blanks on the page.
            self._parts.append(_BLANKS.sub(" ", html.unescape(words)))

    def tag(self, name: str, rest: str, *, end: bool) -> None:
        """A tag, opening or closing."""
        if self._inside:
            if name == self._inside and not rest.endswith("/"):
                self._depth += -1 if end else 1
                self._inside = self._inside if self._depth else ""
            return
        quote = (
            not self._quotes
            and not end
            and (name == "blockquote" or (name == "div" and _QUOTED_BLOCK.search(rest) is not None))
        )
        if not self._quotes and not end and _REST_IS_OLD.search(rest):
            self.rest_is_old = self.quoted = True
        elif (name in _HIDDEN and not end) or quote:
            self._inside, self._depth = name, 1
            self.quoted = self.quoted or quote
            self._parts.append("\n")
        elif name == "br" or name in _BLOCKS:
            self._parts.append("\n")
        elif name in ("td", "th"):
            self._parts.append(" ")

    def text(self) -> str:
        """The words, with one blank between two and one empty line at most."""
        whole = _AROUND.sub("\n", "".join(self._parts))
        return _MANY_LINES.sub("\n\n", whole).strip()
