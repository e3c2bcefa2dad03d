"""What to ask next: the expectations on which one more answer tells most."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from statistics import fmean, median

from forvent.errors import BadOption, UnknownExpectation
from forvent.records import Estimate, Gap, MentionCounts, Question
from forvent.stats import wilson
from forvent.tables import LANGUAGES

ANSWERS = ("much_worse", "worse", "as_expected", "better", "much_better")
SILENT = MentionCounts(met=0, unmet=0, mixed=0, wished=0)
# An expectation that nobody spoke of counts as if half a voice had: one more could.
UNSPOKEN = 0.5


def next_questions(
    gaps: Sequence[Gap],
    *,
    catalogue: Sequence[str],
    top: int = 5,
    languages: Sequence[str] = LANGUAGES,
) -> tuple[Question, ...]:
    r"""The expectations on which one more answer tells most, as ready questions.

    The gain is ``narrowing`` times importance. Importance is that of the gap (a share).
    Where it could not be measured, and for expectations that no voice mentions, it is
    :math:`(m+\tfrac12)\,q`, with :math:`m` the voices that mention the expectation and :math:`q`
    the median importance per mentioning voice of those measured (1 where none is): an
    expectation that few speak of is taken to matter less, but never not at all. What matters and
    is never spoken of is underrated by this rule.

    Parameters
    ----------
    gaps
        Gaps over all touchpoints; those at one touchpoint are passed over.
    catalogue
        Ids of all expectations that may be asked about.
    top
        How many questions, at least 1.
    languages
        Languages of texts and answers.

    Returns
    -------
    tuple of Question
        Largest gain first, then by the order of the catalogue; at most ``top``. Five answers each,
        from much worse to much better than expected.

    Raises
    ------
    UnknownExpectation
        If a gap is of an expectation that is not in the catalogue.
    BadOption
        If ``top`` is below 1 or there are no questions in a language.

    Source
    ------
    Our own definition, docs/formulas/feedback.md#next-questions.

    Examples
    --------
    >>> asked = next_questions((), catalogue=("on_time", "choice"), top=1, languages=("en",))[0]
    >>> asked.expectation, asked.texts["en"]
    ('on_time', 'Last time, how well did we keep to the agreed time?')
    """
    if top < 1:
        raise BadOption(f"{top} questions cannot be asked.", hint="Ask for 1 or more; 5 is usual.")
    overall = {gap.expectation: gap for gap in gaps if gap.touchpoint is None}
    for expectation in overall:
        if expectation not in catalogue:
            raise UnknownExpectation(
                f"The catalogue has no expectation {expectation!r}.", hint="Add it, or leave its gap out."
            )
    usual = _importance_per_mention(overall)
    gains = {name: _gain(overall.get(name), usual=usual) for name in catalogue}
    ranked = sorted(catalogue, key=lambda name: -gains[name])
    return tuple(_question(name, gain=gains[name], languages=languages) for name in ranked[:top])


def narrowing(counts: MentionCounts) -> float:
    r"""How much narrower the interval of the share met is expected to be after one more answer.

    With :math:`W(s,n)` the width of Wilson's interval of :math:`s` met among :math:`n`
    (1 for none), :math:`s` = met + mixed/2 and :math:`\tilde p=(s+1)/(n+2)`:

    .. math:: W(s,n) - \tilde p\,W(s+1,n+1) - (1-\tilde p)\,W(s,n+1).

    Exact for the next answer; it supposes that answerers are like those who wrote.

    Parameters
    ----------
    counts
        Voices by what they say; wishes judge nothing.

    Returns
    -------
    float
        Expected narrowing, 0–1: 0.21 with no answer yet, falling with every answer.

    Source
    ------
    Our own definition, docs/formulas/feedback.md#next-questions.

    Examples
    --------
    >>> few, many = MentionCounts(3, 2, 0, 0), MentionCounts(30, 20, 0, 0)
    >>> round(narrowing(SILENT), 3), round(narrowing(few), 3), round(narrowing(many), 4)
    (0.207, 0.039, 0.0024)
    """
    met, n = counts.met + counts.mixed / 2, counts.judged
    likely = (met + 1) / (n + 2)
    after = likely * _width(met + 1, n + 1) + (1 - likely) * _width(met, n + 1)
    return max(0.0, _width(met, n) - after)


def _width(met: float, n: int) -> float:
    if n == 0:
        return 1.0
    share = wilson(met, n)
    return share.high - share.low


def _mentions(counts: MentionCounts) -> int:
    return counts.judged + counts.wished


def _importance_per_mention(overall: Mapping[str, Gap]) -> float:
    measured = [
        gap.importance.value / _mentions(gap.counts)
        for gap in overall.values()
        if isinstance(gap.importance, Estimate) and _mentions(gap.counts)
    ]
    # All zero would make every question equally useless; then only the mentions count.
    # Where most are of no importance, the mean still says how much hangs on a mention.
    return median(measured) or fmean(measured) or 1.0 if measured else 1.0


def _gain(gap: Gap | None, *, usual: float) -> float:
    if gap is None:
        return narrowing(SILENT) * UNSPOKEN * usual
    if isinstance(gap.importance, Estimate):
        return narrowing(gap.counts) * gap.importance.value
    return narrowing(gap.counts) * (_mentions(gap.counts) + UNSPOKEN) * usual


def _question(expectation: str, *, gain: float, languages: Sequence[str]) -> Question:
    texts = {language: question_text(expectation, language=language) for language in languages}
    answers = {language: answer_texts(language) for language in languages}
    return Question(expectation=expectation, gain=gain, texts=texts, answers=answers)


def question_text(expectation: str, *, language: str) -> str:
    """The ready question about one expectation.

    Parameters
    ----------
    expectation
        Id of the catalogue.
    language
        One of ``tables.LANGUAGES``.

    Returns
    -------
    str
        A neutral question about the last contact.

    Raises
    ------
    UnknownExpectation
        If there is no question about the expectation.
    BadOption
        If there are no questions in the language.

    Source
    ------
    Our own definition, docs/formulas/feedback.md#next-questions.

    Examples
    --------
    >>> question_text("choice", language="en")
    'Last time, how was the choice we offered?'
    """
    known = _questions(language)
    if expectation not in known or expectation == "answers":
        raise UnknownExpectation(
            f"There is no question about {expectation!r}.",
            hint="Write one into the questions of each language.",
        )
    return known[expectation]["question"]


def answer_texts(language: str) -> tuple[str, ...]:
    """The five answers, from much worse to much better than expected.

    Parameters
    ----------
    language
        One of ``tables.LANGUAGES``.

    Returns
    -------
    tuple of str
        Five texts.

    Raises
    ------
    BadOption
        If there are no questions in the language.

    Source
    ------
    Our own definition, docs/formulas/feedback.md#next-questions.

    Examples
    --------
    >>> answer_texts("en")[2]
    'As I expected'
    """
    answers = _questions(language)["answers"]
    return tuple(answers[name] for name in ANSWERS)


@cache
def _questions(language: str) -> dict[str, dict[str, str]]:
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise BadOption(f"There are no questions in the language {language!r}.", hint=f"Use one of {known}.")
    file = files("forvent.feedback") / "questions" / f"{language}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
