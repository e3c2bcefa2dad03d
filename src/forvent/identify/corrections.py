"""What people said of mentions: kept in a file, laid over every later run, and reused as examples."""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from forvent.errors import BadOption, CannotWrite, UnreadableFile
from forvent.identify.catalogue import catalogue
from forvent.identify.stated import is_stated
from forvent.records import Expectation, Mention, Voice
from forvent.records.corrections import Correction
from forvent.tables import POLARITIES

ACTIONS = ("right", "wrong", "instead", "polarity", "missed")
_KEYS = (
    "text_hash",
    "voice_id",
    "quote",
    "expectation",
    "action",
    "polarity",
    "instead",
    "language",
    "by",
    "at",
)
_MAY_MISS = frozenset({"polarity", "instead", "language"})


@dataclass(frozen=True, slots=True)
class Taught:
    """Words that do, or do not, speak of an expectation, because a person said so."""

    expectation: str
    text: str
    speaks: bool
    polarity: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What holds of one expectation in the words ``quote`` of one text."""

    expectation: str
    quote: str
    speaks: bool
    polarity: str | None
    language: str | None


def text_hash(text: str) -> str:
    """SHA-256 of a text in NFC, in hexadecimal; what a text is known again by, without keeping it.

    Source
    ------
    FIPS 180-4; Unicode Standard Annex 15.

    Examples
    --------
    >>> text_hash("cafe\\u0301") == text_hash("caf\\u00e9")
    True
    """
    return hashlib.sha256(_nfc(text).encode("utf-8", "replace")).hexdigest()


def append_correction(path: str | Path, correction: Correction, *, text: str) -> Correction:
    """The correction as it was added to a file, made if it is not there; the whole line or nothing of it.

    Parameters
    ----------
    path
        The user's own file; it holds customers' words.
    correction
        What is said; an empty quote stands for the whole text.
    text
        The text it is about, to check it against.

    Raises
    ------
    BadOption
        If action or polarity is unknown, something is missing, or hash or quote do not belong to the text.
    CannotWrite
        If the file cannot be written.

    Source
    ------
    Our own definition, ``docs/formulas/identify-packs.md#corrections``.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> text = "Nice place. The crust was soft."
    >>> said = Correction(
    ...     text_hash(text),
    ...     "17",
    ...     "The crust was soft",
    ...     "product_quality",
    ...     "missed",
    ...     "unmet",
    ...     "Eva",
    ...     datetime(2026, 3, 1),
    ... )
    >>> with TemporaryDirectory() as home:
    ...     file = Path(home) / "corrections.jsonl"
    ...     _ = append_correction(file, said, text=text)
    ...     read_corrections(file) == (said,)
    True
    """
    correction = _checked(correction, text)
    document = {key: getattr(correction, key) for key in _KEYS} | {"at": correction.at.isoformat()}
    line = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        # Customers' words: for nobody else on this computer.
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            length = os.lseek(file, 0, os.SEEK_END)
            if length and os.pread(file, 1, length - 1) != b"\n":
                line = b"\n" + line
            if os.write(file, line) < len(line):
                # No room for all of it; half a line would spoil the file.
                os.ftruncate(file, length)
                raise CannotWrite(f"No room for the correction in '{path}'.", hint="Free some space.")
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        raise CannotWrite(
            f"The correction could not be written to '{path}': {error.strerror or error}.",
            hint="Name another file with --corrections.",
        ) from error
    return correction


def read_corrections(path: str | Path) -> tuple[Correction, ...]:
    """All lines of a file of corrections, in their order; a file that is not there has none.

    Raises
    ------
    UnreadableFile
        With line, field and value of the first fault; never with a customer's words.

    Source
    ------
    Our own definition, ``docs/formulas/identify-packs.md#corrections``.

    Examples
    --------
    >>> read_corrections("nobody-said-anything.jsonl")
    ()
    """
    if not Path(path).exists():
        return ()
    try:
        lines = Path(path).read_bytes().decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"'{path}' is not UTF-8: byte {error.start} cannot be read.") from error
    except OSError as error:
        raise UnreadableFile(f"'{path}' cannot be read: {error.strerror or error}.") from error
    return tuple(_read(line, f"'{path}', line {row}") for row, line in enumerate(lines, 1) if line.strip())


def apply_corrections(
    voice: Voice,
    mentions: Sequence[Mention],
    *,
    corrections: Iterable[Correction],
    language: str,
    expectations: Mapping[str, Expectation] | None = None,
) -> tuple[Mention, ...]:
    """Mentions of a voice as people corrected them, whatever was found, and under whichever voice id.

    What a person confirmed or added is there, with that person's words, polarity and confidence 1. What
    a person denied is nowhere in the text, except in other words of it where a person confirmed it. The
    rest stays as found.

    Parameters
    ----------
    voice
        The voice as it was read.
    mentions
        What a run found in it.
    corrections
        Lines of any texts, in the order of the file: a later one overrules an earlier one on the same
        expectation in the same words (one quote in the other).
    language
        Of the text, for mentions that are added.
    expectations
        Records by id, where packs are used; the general catalogue by default. An id that it has not is
        left out.

    Returns
    -------
    tuple of Mention
        In the order of the text.

    Source
    ------
    Our own definition, ``docs/formulas/identify-packs.md#corrections``.

    Examples
    --------
    >>> voice = Voice(voice_id="17", text="Nice place. The crust was soft.", row=2)
    >>> said = Correction(
    ...     text_hash(voice.text),
    ...     "17",
    ...     "soft",
    ...     "product_quality",
    ...     "missed",
    ...     "unmet",
    ...     "Eva",
    ...     datetime(2026, 3, 1),
    ... )
    >>> found = apply_corrections(voice, [], corrections=[said], language="en")
    >>> [(mention.expectation, mention.polarity, mention.quote, mention.confidence) for mention in found]
    [('product_quality', 'unmet', 'soft', 1.0)]
    """
    known = catalogue() if expectations is None else expectations
    here = text_hash(voice.text)
    verdicts = [v for v in _verdicts(c for c in corrections if c.text_hash == here) if v.expectation in known]
    if not verdicts:
        return tuple(mentions)
    denied = {verdict.expectation for verdict in verdicts if not verdict.speaks}
    laid = [m for m in mentions if m.expectation not in denied]
    for verdict in verdicts:
        if verdict.speaks:
            laid = _with(
                verdict, laid, mentions, voice=voice, language=language, record=known[verdict.expectation]
            )
    return tuple(sorted(laid, key=lambda mention: (mention.start, mention.end, mention.expectation)))


def as_examples(corrections: Iterable[Correction]) -> tuple[Taught, ...]:
    """What corrections teach: words that speak of an expectation, and words that do not.

    Parameters
    ----------
    corrections
        In the order of the file.

    Returns
    -------
    tuple of Taught
        Each different text once an expectation; sorted, so that the order of texts changes nothing.

    Source
    ------
    Our own definition, ``docs/formulas/identify-packs.md#corrections``.
    """
    by_text: dict[str, list[Correction]] = {}
    for correction in corrections:
        by_text.setdefault(correction.text_hash, []).append(correction)
    taught: dict[tuple[str, str], Taught] = {}
    # By the time of the last word on each text: of the same words in two texts the later holds.
    for lines in sorted(
        by_text.values(), key=lambda lines: (max(line.at for line in lines), lines[0].text_hash)
    ):
        for verdict in _verdicts(lines):
            taught[verdict.expectation, verdict.quote] = Taught(
                verdict.expectation, verdict.quote, verdict.speaks, verdict.polarity, verdict.language
            )
    return tuple(taught[key] for key in sorted(taught))


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _checked(correction: Correction, text: str) -> Correction:
    fault = _fault(correction.action, correction.polarity, correction.instead)
    if fault:
        raise BadOption(fault, hint=f"Actions are {', '.join(ACTIONS)}; polarities {', '.join(POLARITIES)}.")
    if correction.text_hash != text_hash(text):
        raise BadOption("The correction is of another text.", hint="Take text_hash of the text it is about.")
    quote = _nfc(correction.quote).strip() or _nfc(text).strip()
    if quote not in _nfc(text):
        raise BadOption("The quote is not in the text.", hint="Copy it from the text as it stands.")
    return replace(correction, quote=quote)


def _fault(action: str, polarity: str | None, instead: str | None) -> str:
    if action not in ACTIONS:
        return f"There is no action '{action}'."
    if polarity is not None and polarity not in POLARITIES:
        return f"There is no polarity '{polarity}'."
    if (instead is not None) != (action == "instead"):
        needs = "needs another" if instead is None else "takes no other"
        return f"The action '{action}' {needs} expectation."
    if (polarity is None) != (action == "wrong"):
        return f"The action '{action}' {'needs a' if polarity is None else 'takes no'} polarity."
    return ""


def _read(line: str, where: str) -> Correction:
    try:
        document = json.loads(line)
        fields = {key: document.get(key) for key in _KEYS}
    except (ValueError, AttributeError, RecursionError):
        raise UnreadableFile(
            f"{where} is no JSON object.", hint="Take the line out, or write it again with forvent correct."
        ) from None
    for key, value in fields.items():
        if not (isinstance(value, str) or (value is None and key in _MAY_MISS)):
            raise UnreadableFile(f"{where}, {key}: must be a text, and is {type(value).__name__}.")
    fault = _fault(fields["action"], fields["polarity"], fields["instead"])
    if fault:
        raise UnreadableFile(f"{where}: {fault}", hint=f"Actions are {', '.join(ACTIONS)}.")
    try:
        at = datetime.fromisoformat(fields["at"])
    except ValueError:
        raise UnreadableFile(f"{where}, at: '{fields['at'][:40]}' is no time.") from None
    if at.tzinfo is not None:
        at = at.astimezone(UTC).replace(tzinfo=None)
    return Correction(**{**fields, "at": at})


def _verdicts(lines: Iterable[Correction]) -> list[_Verdict]:
    """What holds after all lines on one text."""
    held: list[_Verdict] = []
    for line in lines:
        speaks = line.action not in ("wrong", "instead")
        found = [
            _Verdict(line.expectation, line.quote, speaks, line.polarity if speaks else None, line.language)
        ]
        if line.instead is not None:
            found.append(_Verdict(line.instead, line.quote, True, line.polarity, line.language))
        for verdict in found:
            held = [*(old for old in held if not _same(old, verdict)), verdict]
    return held


def _same(one: _Verdict, other: _Verdict) -> bool:
    return one.expectation == other.expectation and (one.quote in other.quote or other.quote in one.quote)


def _with(
    verdict: _Verdict,
    laid: Sequence[Mention],
    found: Sequence[Mention],
    *,
    voice: Voice,
    language: str,
    record: Expectation,
) -> list[Mention]:
    """Mentions with the one that a person confirmed; what a run found of it there goes into it."""
    start, end = _place(voice.text, verdict.quote)
    mine = [m for m in found if m.expectation == record.id and m.start < end and start < m.end]
    rest = [m for m in laid if m not in mine]
    quote = voice.text[start:end]
    polarity = str(verdict.polarity)
    if mine:
        same = replace(mine[0], polarity=polarity, quote=quote, start=start, end=end, confidence=1.0)
        return [*rest, same]
    added = Mention(
        voice_id=voice.voice_id,
        expectation=record.id,
        polarity=polarity,
        stated=is_stated(quote, language),
        quote=quote,
        start=start,
        end=end,
        confidence=1.0,
        language=language,
        touchpoint=voice.touchpoint or record.stage,
        stage=record.stage,
    )
    return [*rest, added]


def _place(text: str, quote: str) -> tuple[int, int]:
    """Where words in NFC stand in a text that may not be in NFC; the whole text if they are not in it."""
    plain = _nfc(text)
    first = plain.find(quote)
    if first < 0:
        whole = text.strip()
        first = text.find(whole)
        return first, first + len(whole)
    if plain == text:
        return first, first + len(quote)
    # The last cut with so many composed characters before it: marks go with their letter.
    cuts = range(len(text) + 1)
    start, end = (
        bisect_right(cuts, goal, key=lambda cut: len(_nfc(text[:cut]))) - 1
        for goal in (first, first + len(quote))
    )
    return start, end
