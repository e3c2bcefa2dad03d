"""Promises as sentences that a customer can be told."""

from __future__ import annotations

from collections.abc import Sequence

from forvent.communicate.wording import calendar_days, counted, duration, percent_down, template
from forvent.errors import BadOption
from forvent.records import Estimate, NoPromise, NotEnough, Promise, Sentence
from forvent.tables import LANGUAGES

FEW_LATER = "too few later cases show whether it is kept"
#: Before a unit of the business clock.
WORKING = "working_"
KEPT_LESS = "the later part of the record kept it less often than its level"


def why_not_supported(promise: Promise | NoPromise) -> str | None:
    """Why nobody should be told this promise, or None where it is supported.

    A promise is supported where later cases checked it and the interval of how often they
    kept it reaches its level or more. That it lies wholly below means that the record
    contradicts it; that it reaches the level means no more than that it does not.

    Parameters
    ----------
    promise
        The promise, or its absence.

    Returns
    -------
    str or None
        The reason in plain English.

    Source
    ------
    Our own definition, docs/formulas/communicate.md#supported.

    Examples
    --------
    >>> few = NotEnough(n=7, needed=19, why="a limit at level 0.95 needs 19 cases")
    >>> why_not_supported(NoPromise(group={}, level=0.95, reason=few))
    'a limit at level 0.95 needs 19 cases'
    """
    if isinstance(promise, NoPromise):
        return promise.reason.why
    if isinstance(promise.kept_later, NotEnough):
        return FEW_LATER
    return KEPT_LESS if promise.kept_later.high < promise.level else None


def promise_sentences(
    promise: Promise, *, languages: Sequence[str] = LANGUAGES, noun: str = "cases"
) -> tuple[Sentence, ...]:
    """A supported promise in words, with the share of later cases that kept it as evidence.

    Parameters
    ----------
    promise
        A promise in whole minutes, hours or days.
    languages
        Languages to say it in.
    noun
        What the cases are called: "cases", "orders" or "customers".

    Returns
    -------
    tuple of Sentence
        One a language; empty where the promise is not supported (``why_not_supported``). The
        share is the observed one, rounded down to whole percent.

    Raises
    ------
    BadOption
        If the promise is not in whole units, or a language or noun is unknown.

    Source
    ------
    Our own definition, docs/formulas/communicate.md#promise-sentence.

    Examples
    --------
    >>> kept = Estimate(value=0.957, low=0.947, high=0.966, n=1820)
    >>> none = NotEnough(n=0, needed=5, why="no promise of their own")
    >>> promise = Promise({}, 29.0, "day", 0.95, 2518, True, kept, None, none, False)
    >>> said = promise_sentences(promise, languages=("en",), noun="orders")[0]
    >>> said.text
    'You will have it at the latest 29 days after your order.'
    >>> said.evidence
    'We keep this in 95% of cases (1,820 orders).'
    """
    if promise.upper != int(promise.upper):
        raise BadOption(
            f"A promise of {promise.upper} {promise.unit}s cannot be said.",
            hint="Round it up to whole units first.",
        )
    kept = promise.kept_later
    if why_not_supported(promise) is not None or not isinstance(kept, Estimate):
        return ()
    return tuple(
        Sentence(
            language=language,
            text=_promised(promise, language),
            evidence=_evidence(kept, language=language, noun=noun),
            group=promise.group,
        )
        for language in languages
    )


def not_enough_sentences(
    absent: NoPromise, *, languages: Sequence[str] = LANGUAGES, noun: str = "cases"
) -> tuple[Sentence, ...]:
    """That there are not enough cases yet to promise a time, in words.

    Parameters
    ----------
    absent
        The absence of a promise.
    languages
        Languages to say it in.
    noun
        What the cases are called: "cases", "orders" or "customers".

    Returns
    -------
    tuple of Sentence
        One a language, with an empty evidence sentence.

    Raises
    ------
    BadOption
        If a language or noun is unknown.

    Source
    ------
    Our own definition, docs/formulas/communicate.md#promise-sentence.

    Examples
    --------
    >>> few = NotEnough(n=7, needed=19, why="a limit at level 0.95 needs 19 cases")
    >>> not_enough_sentences(NoPromise({}, 0.95, few), languages=("en",))[0].text
    'We do not have enough cases yet to promise a time (7 cases).'
    """
    return tuple(
        Sentence(
            language=language,
            text=template(language, table="not_enough", key="promise").format(
                count=counted(absent.reason.n, noun=noun, language=language)
            ),
            evidence="",
        )
        for language in languages
    )


def _promised(promise: Promise, language: str) -> str:
    unit = promise.unit.removeprefix(WORKING)
    working = unit != promise.unit
    if promise.by_day:
        key = "upper_by_working_day" if working else "upper_by_day"
        words = calendar_days(promise.upper, language=language)
    else:
        key = "upper_working" if working else "upper"
        words = duration(promise.upper, unit=unit, language=language)
    return template(language, table="promise", key=key).format(duration=words)


def _evidence(kept: Estimate, *, language: str, noun: str) -> str:
    return template(language, table="promise", key="kept").format(
        percent=percent_down(kept.value, language=language),
        count=counted(kept.n, noun=noun, language=language),
    )
