"""Which encoding a spreadsheet wrote; the lines themselves are read in ``lines.py``.

A line that is valid UTF-8 is UTF-8: in other encodings that happens by chance hardly
ever. The rest is decoded with one fallback encoding, chosen by how well its
characters fit the letters of a language.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

import charset_normalizer

_PIECE = 1 << 20
_SAMPLE = 200_000
_ENOUGH = 20
_STRANGE = 0.125
_NEVER = 1e-5
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Letters outside ASCII by how often they come in running text, the commonest first;
# enough to tell the encodings of these languages from each other.
_LETTERS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "cs": (("cp1250", "iso8859-2", "mac_latin2"), "íáéěřýčšžůúďťňó"),
    "sk": (("cp1250", "iso8859-2", "mac_latin2"), "áíýéčžšúľťôóňďäĺŕ"),
    "pl": (("cp1250", "iso8859-2"), "łęóąśżćźń"),
    "hu": (("cp1250", "iso8859-2"), "áéöóőüíúű"),
    "et": (("cp1257", "cp1252", "mac_roman"), "äõüöšž"),
    "lv": (("cp1257",), "āīēšūņžļčģķ"),
    "lt": (("cp1257",), "ėųįšžąčūę"),
    "nb": (("cp1252", "mac_roman", "cp865"), "øåæéòôèóê"),
    "sv": (("cp1252", "mac_roman"), "äåöé"),
    "de": (("cp1252", "mac_roman"), "üäößé"),
    "fr": (("cp1252", "mac_roman"), "éèàêçùôâîûëïœ"),
    "es": (("cp1252", "mac_roman"), "óíáéñú¿¡ü"),
    "pt": (("cp1252", "mac_roman"), "ãçéáóíõêúâôàü"),
    "it": (("cp1252", "mac_roman"), "èàùòéì"),
    "tr": (("cp1254",), "ıüşçöğİâÇ"),
    "ru": (("cp1251", "koi8_r"), "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"),
    "el": (("cp1253",), "αοιτενσηρπκμλςυάίγωήδέόύχφβθώξζψ"),
}
_TWO_SCRIPTS = re.compile(r"[A-Za-zÀ-ɏ][\u0370-\u04ff]|[\u0370-\u04ff][A-Za-zÀ-ɏ]")
_SIGNS = "„“”’‘‚‛–—…€°«»§·•´×£©®™№½¼²"


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the lines of a file are decoded.

    ``name`` is the encoding of most of the file. Each line is decoded with ``first``
    or, where that fails, with ``second``; ``mixed`` counts the lines that are not in
    ``name``. ``cr_only`` says that lines end with a carriage return alone.
    """

    name: str
    first: str
    second: str | None = None
    mixed: int = 0
    cr_only: bool = False


def encoding_of(stream: BinaryIO) -> Encoding:
    """The encoding of a text file, found in one or two passes over its bytes."""
    stream.seek(0)
    head = stream.read(1 << 16)
    cr_only = b"\r" in head and b"\n" not in head
    for bom, name in _BOMS:
        if head.startswith(bom) and name != "utf-8-sig":
            return Encoding(name, first=name)
    wide = _wide_without_mark(head)
    if wide:
        return Encoding(wide, first=wide)
    if _is_utf8(stream):
        name = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
        return Encoding(name, first="utf-8", cr_only=cr_only)
    return _by_lines(stream, cr_only=cr_only)


def mixed_note(encoding: Encoding) -> tuple[str, ...]:
    """What to say where a file holds two encodings."""
    if not encoding.mixed:
        return ()
    other = encoding.second if encoding.name == encoding.first else encoding.first
    if other is None:
        return (f"Lines that are not {encoding.name}, and fit no other encoding: {encoding.mixed}.",)
    return (f"Lines that are not {encoding.name}, read as {other}: {encoding.mixed}.",)


def _wide_without_mark(head: bytes) -> str | None:
    """UTF-16 without a byte order mark shows in zeros at every second byte."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if odd / half > 0.3 and even / half < 0.02:
        return "utf-16-le"
    if even / half > 0.3 and odd / half < 0.02:
        return "utf-16-be"
    return None


def _is_utf8(stream: BinaryIO) -> bool:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := stream.read(_PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _by_lines(stream: BinaryIO, *, cr_only: bool) -> Encoding:
    """Main and fallback encoding of a file that is not UTF-8 throughout."""
    good, bad = 0, 0
    good_letters: Counter[str] = Counter()
    sample: list[bytes] = []
    size = 0
    for line in _non_ascii_lines(stream, cr_only=cr_only):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            bad += 1
            if size < _SAMPLE:
                sample.append(line)
                size += len(line)
            continue
        good += 1
        if good <= 2000:
            good_letters.update(letter for letter in text if letter > "\x7f" and letter.isalpha())
    fallback = guess_encoding(b"\n".join(sample), letters=good_letters)
    if fallback is None or good >= bad:
        return Encoding("utf-8", first="utf-8", second=fallback, mixed=bad, cr_only=cr_only)
    if _is_double_byte(fallback):
        # Short Chinese words can be valid UTF-8 by chance, so here the main encoding comes first.
        return Encoding(fallback, first=fallback, second="utf-8", cr_only=cr_only)
    return Encoding(fallback, first="utf-8", second=fallback, mixed=good, cr_only=cr_only)


def _non_ascii_lines(stream: BinaryIO, *, cr_only: bool) -> Iterator[bytes]:
    stream.seek(0)
    while line := stream.readline(_PIECE):
        for part in line.split(b"\r") if cr_only else (line,):
            if not part.isascii():
                yield part


def guess_encoding(sample: bytes, *, letters: Mapping[str, int] | None = None) -> str | None:
    """The encoding in which bytes that are not UTF-8 make the most plausible letters; None if none does.

    ``letters`` are the letters outside ASCII of the rest of the file: where encodings are
    mixed, the language is the same, so letters that the rest does not know are no guess.
    """
    if _looks_chinese(sample):
        return "gb18030"
    best, best_score = None, -math.inf
    for names, table in _tables(letters):
        for name in names:
            score = _plausibility(sample, name=name, table=table)
            if score is not None and score > best_score:
                best, best_score = name, score
    many = sum(byte > 127 for byte in sample) >= _ENOUGH
    if best is not None or not many or _is_known(letters):
        return best
    match = charset_normalizer.from_bytes(sample).best()
    return match.encoding if match is not None and match.encoding not in ("ascii", "utf_8") else None


def _tables(letters: Mapping[str, int] | None) -> Iterator[tuple[tuple[str, ...], Mapping[str, float]]]:
    """Encodings and the letters of each language that may be meant; of all where the rest fits none."""
    fitting = [language for language, (_, alphabet) in _LETTERS.items() if _is_written_in(alphabet, letters)]
    for language in fitting or _LETTERS:
        encodings, alphabet = _LETTERS[language]
        weights = {letter: 1 / (rank + 2) for rank, letter in enumerate(alphabet)}
        total = sum(weights.values())
        yield encodings, {letter: weight / total for letter, weight in weights.items()}


def _is_known(letters: Mapping[str, int] | None) -> bool:
    """True where the rest of the file shows its language."""
    return letters is not None and sum(letters.values()) >= _ENOUGH


def _is_written_in(alphabet: str, letters: Mapping[str, int] | None) -> bool:
    if letters is None or not _is_known(letters):
        return True
    strange = sum(count for letter, count in letters.items() if letter.lower() not in alphabet)
    return strange <= _STRANGE * sum(letters.values())


def is_plausible(text: str, *, name: str) -> bool:
    """False where most letters outside ASCII are none of the languages written in an encoding."""
    alphabets = [alphabet for encodings, alphabet in _LETTERS.values() if name in encodings]
    if not alphabets:
        return True
    known = set("".join(alphabets) + _SIGNS)
    foreign = [letter for letter in text if letter > "\x7f"]
    return 2 * sum(letter.lower() not in known for letter in foreign) <= len(foreign)


def _decoded(sample: bytes, *, name: str) -> tuple[str, int]:
    """The lines that an encoding can decode, and how many bytes outside ASCII the others hold."""
    texts: list[str] = []
    lost = 0
    for line in sample.splitlines():
        try:
            texts.append(line.decode(name))
        except UnicodeDecodeError:
            lost += sum(byte > 127 for byte in line)
    return "\n".join(texts), lost


def _plausibility(sample: bytes, *, name: str, table: Mapping[str, float]) -> float | None:
    """Mean log probability of the letters outside ASCII; None where one in eight or more does not fit."""
    text, lost = _decoded(sample, name=name)
    counts = Counter(letter for letter in text if letter > "\x7f")
    count = counts.total()
    # Greek or Cyrillic letters inside Latin words are Latin letters read wrongly.
    if lost > count or not count or len(_TWO_SCRIPTS.findall(text)) > 0.3 * count:
        return None
    score, strange = lost * math.log(_NEVER), 0
    for letter, times in counts.items():
        # Capitals and signs come in every language, but seldom.
        known = table.get(letter) or table.get(letter.lower(), 0.0) / 20
        if not known and letter in _SIGNS:
            known = 0.002
        if not known:
            strange += times
        score += times * math.log(known or _NEVER)
    return score / (count + lost) if strange < _STRANGE * count else None


def _looks_chinese(sample: bytes) -> bool:
    """True where the bytes are pairs of the common part of GB 2312 nearly throughout."""
    text, lost = _decoded(sample, name="gb18030")
    pairs = [letter.encode("gb18030") for letter in text if letter > "\x7f"]
    common = sum(
        len(pair) == 2 and (0xB0 <= pair[0] <= 0xD7 or pair[0] in (0xA1, 0xA3)) and pair[1] >= 0xA1
        for pair in pairs
    )
    return bool(pairs) and common / (len(pairs) + lost) >= 0.85


def _is_double_byte(name: str) -> bool:
    return codecs.lookup(name).name in (
        "gb18030",
        "gbk",
        "big5",
        "cp932",
        "shift_jis",
        "euc_kr",
        "euc_jp",
        "cp949",
    )
