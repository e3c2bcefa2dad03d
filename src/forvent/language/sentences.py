"""Where sentences and clauses begin and end, in scripts with and without spaces."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

# A run of closing signs ends a sentence; Armenian has ։, Chinese and Japanese 。！？；
_END = re.compile(r"[.!?…։。！？；।؟]+[\"'”’»」』)\]]*|\n+")
_ARMENIAN_COLON = re.compile(r":(?=\s|$)")
_ABBREVIATIONS = frozenset(
    [
        "e.g",
        "i.e",
        "etc",
        "vs",
        "mr",
        "mrs",
        "ms",
        "dr",
        "st",
        "approx",
        "incl",
        "tel",
        "nr",
        "kr",
        "ca",
        "bl.a",
        "f.eks",
        "osv",
        "pga",
        "mvh",
        "tlf",
        "ift",
        "dvs",
        "tzv",
        "např",
        "atd",
        "apod",
        "resp",
        "cca",
        "č",
        "čp",
        "ul",
        "mj",
        "jne",
        "nt",
        "u.s",
        "p.s",
        "a.s",
        "s.r.o",
        "kl",
        "lk",
    ]
)
#: Words that begin a contrast.
CONTRASTS = (
    *("but", "however", "although", "though", "yet", "except", "whereas"),
    *("ale", "avšak", "nicméně", "jenže", "zato", "kdežto", "men", "derimot", "imidlertid", "aga", "kuid"),
    *("ent", "samas", "բայց", "սակայն", "իսկ", "mas", "porém", "pero", "aber", "mais"),
)
_CONTRAST_WORDS = rf"(?:{'|'.join(CONTRASTS)})\b"
# White space is taken from its beginning only: else a run of n blanks would cost n² steps.
_CONTRAST_SIGNS = r"(?:但是|但(?!愿)|可是|不过|然而|只是|就是(?=[^一这那]))"
_CONTRAST = re.compile(
    rf"(?:[,;]|(?<!\s))\s+(?={_CONTRAST_WORDS})|[，,]?(?={_CONTRAST_SIGNS})",
    re.IGNORECASE,
)
# Quicker looks: without a match of either there is no contrast.
_MAY_BE_WORD = re.compile(rf"\s{_CONTRAST_WORDS}", re.IGNORECASE)
_MAY_BE_SIGN = re.compile(r"[但可不然只就][是过而]|但")
_COMMA = re.compile(r"[,;，、；]\s*|(?<!\s)\s+[-–—]\s+")
# "5. May", "5. Mai", "1. Juni": behind a day, a month goes on with the sentence though it has a capital.
_MONTH = re.compile(
    r"(?:jan|january?|januar|feb|february|februar|mar|march|märz|mars|apr|april|may|mai|maj|june?|juni|july?|juli"
    r"|aug|august|sept?|september|o[ck]t|o[ck]tober|nov|november|de[czs]|de[czs]ember)\b",
    re.IGNORECASE,
)
_LAST_DAY = 31
_LETTER = re.compile(r"[^\W_]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")

# A sign that ends a sentence, with more behind it than signs and blanks; or a line break, or a colon.
END_SIGNS = ".!?…։。！？；।؟"
_WITHIN = re.compile(rf"[{END_SIGNS}](?=.*\w)|[\n:]", re.DOTALL)

#: A sentence longer than this is cut at commas too; the second figure is for scripts without spaces.
LONG = (90, 24)
#: Signs looked at beside a possible cut: looking at all would cost the square of the length.
NEAR = 80
#: Pieces shorter than this are joined to their neighbour.
SHORT = (25, 7)


@dataclass(frozen=True, slots=True)
class Span:
    """Character offsets of a part of a text, ``end`` exclusive."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The part itself."""
        return text[self.start : self.end]


def split_sentences(text: str, language: str = "und") -> tuple[Span, ...]:
    """Sentences of a text, in order, without surrounding white space.

    Parameters
    ----------
    text
        Any text. A line break ends a sentence.
    language
        ISO code; Armenian also ends sentences with a colon, as many people type it.

    Returns
    -------
    tuple of Span
        Offsets into ``text``; empty for a blank text.

    Source
    ------
    Our own definition, decision 0004.

    Examples
    --------
    >>> text = "Přišlo to 5. května. Super! 3.5 hvězdy"
    >>> [span.of(text) for span in split_sentences(text, "cs")]
    ['Přišlo to 5. května.', 'Super!', '3.5 hvězdy']
    >>> text = "味道不错。下次再来"
    >>> [span.of(text) for span in split_sentences(text, "zh")]
    ['味道不错。', '下次再来']
    """
    cuts = [match.end() for match in _END.finditer(text) if _ends_sentence(text, match)]
    if language == "hy":
        cuts = sorted({*cuts, *(match.end() for match in _ARMENIAN_COLON.finditer(text))})
    return _spans(text, cuts)


def split_clauses(text: str, language: str = "und") -> tuple[Span, ...]:
    """Clauses of a text: its sentences, cut at contrasts, and at commas where they are long.

    "Fast but wrong" speaks of two things; each part is judged alone.

    Parameters
    ----------
    text
        Any text.
    language
        ISO code, see :func:`split_sentences`.

    Returns
    -------
    tuple of Span
        Offsets into ``text``, in order, not overlapping.

    Source
    ------
    Our own definition, decision 0004.

    Examples
    --------
    >>> text = "The food was lovely but we waited an hour. Never again."
    >>> [span.of(text) for span in split_clauses(text, "en")]
    ['The food was lovely', 'but we waited an hour.', 'Never again.']
    """
    if _is_one_clause(text):
        span = _trim(text, 0, len(text))
        return () if span is None else (span,)
    sentences = split_sentences(text, language)
    if _may_contrast(text):
        sentences = tuple(part for sentence in sentences for part in _cut(text, sentence, _CONTRAST))
    return tuple(clause for part in sentences for clause in _cut_if_long(text, part))


def _is_one_clause(text: str) -> bool:
    """True where a text surely is of one piece: short, without a sign that could end a sentence within it."""
    if len(text) > LONG[1] and (len(text) > LONG[0] or not (text.isascii() or _CJK.search(text) is None)):
        return False
    if _WITHIN.search(text) is not None or _MAY_BE_WORD.search(text) is not None:
        return False
    return not _may_contrast(text) or _CONTRAST.search(text) is None


def _may_contrast(text: str) -> bool:
    """A quick look: False where no contrast can begin within a text."""
    if _MAY_BE_WORD.search(text) is not None:
        return True
    return not text.isascii() and _MAY_BE_SIGN.search(text) is not None


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    if match.group()[0] != "." or len(match.group()) > 1:
        return True
    after = text[match.end() : match.end() + 1]
    if after and not after.isspace() and not _CJK.match(after):
        # No blank behind: a web address, a decimal, an initial; "slow.Never" ends one all the same.
        return after.isupper() and text[match.start() - 1 : match.start()].islower()
    before = text[max(0, match.start() - NEAR) : match.start()].rsplit(maxsplit=1)
    word = (
        before[-1].lower().lstrip("(„\"'")
        if before and not text[match.start() - 1 : match.start()].isspace()
        else ""
    )
    if word in _ABBREVIATIONS:
        return False
    following = text[match.end() : match.end() + NEAR].lstrip()
    if not word.isdigit():
        return True
    return not (following[:1].islower() or (int(word) <= _LAST_DAY and _MONTH.match(following)))


def _spans(text: str, cuts: list[int]) -> tuple[Span, ...]:
    edges = [0, *cuts, len(text)]
    return tuple(span for start, end in pairwise(edges) if (span := _trim(text, start, end)) is not None)


def _trim(text: str, start: int, end: int) -> Span | None:
    part = text[start:end]
    stripped = part.strip()
    if _LETTER.search(stripped) is None:
        return None
    if len(stripped) == len(part):
        return Span(start, end)
    first = start + len(part) - len(part.lstrip())
    return Span(first, first + len(stripped))


def _cut(text: str, span: Span, pattern: re.Pattern[str]) -> list[Span]:
    pieces: list[Span] = []
    start = span.start
    for match in pattern.finditer(text, span.start, span.end):
        if match.end() > start and _weight(text[start : match.start()]) >= 1.0 / 2:
            pieces.append(Span(start, match.start()))
            start = match.end()
    pieces.append(Span(start, span.end))
    return [trimmed for piece in pieces if (trimmed := _trim(text, piece.start, piece.end)) is not None]


def _cut_if_long(text: str, span: Span) -> list[Span]:
    length = span.end - span.start
    if length <= LONG[1] or (length <= LONG[0] and not _is_cjk(span.of(text))):
        return [span]
    pieces: list[Span] = []
    start = span.start
    for match in _COMMA.finditer(text, span.start, span.end):
        if (
            _weight(text[start : match.start()]) >= 1
            and _weight(text[match.end() : min(span.end, match.end() + NEAR)]) >= 1
        ):
            pieces.append(Span(start, match.start()))
            start = match.end()
    pieces.append(Span(start, span.end))
    return [trimmed for piece in pieces if (trimmed := _trim(text, piece.start, piece.end)) is not None]


def _weight(part: str) -> float:
    """Length in units of the shortest piece that stands alone."""
    stripped = part.strip()
    return len(stripped) / (SHORT[1] if _is_cjk(stripped) else SHORT[0])


def _is_cjk(part: str) -> bool:
    return not part.isascii() and 2 * len(_CJK.findall(part)) > len(part)
