"""What to ask next."""

from __future__ import annotations

from dataclasses import dataclass

from forvent.records import Findings, Gap, Question
from forvent.report.sections.gaps import direction
from forvent.report.wording import Wording


@dataclass(frozen=True, slots=True)
class QuestionText:
    """A question in one language."""

    lang: str
    direction: str
    language_name: str
    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """A question in the report's language first; ``others`` are the other languages."""

    name: str
    why: str
    first: QuestionText
    others: tuple[QuestionText, ...]
    others_label: str


@dataclass(frozen=True, slots=True)
class QuestionsSection:
    """All that the section shows."""

    finding: str
    questions: tuple[QuestionShown, ...]


def questions_section(findings: Findings, *, wording: Wording) -> QuestionsSection:
    """The questions in the order of what one more answer tells."""
    gaps = {gap.expectation: gap for gap in findings.gaps}
    shown = [
        _shown(question, gap=gaps.get(question.expectation), wording=wording)
        for question in findings.questions
        if question.texts
    ]
    return QuestionsSection(finding=questions_finding(findings, wording=wording), questions=tuple(shown))


def questions_finding(findings: Findings, *, wording: Wording) -> str:
    """The heading: the expectation on which one more answer tells most."""
    if not findings.questions:
        return wording.say("questions.finding_none")
    first = findings.questions[0]
    return wording.say("questions.finding", name=wording.name(first.expectation))


def first_text(question: Question, *, wording: Wording) -> QuestionText:
    """The question in the report's language, else in English, else in the first there is."""
    language = next(
        (code for code in (wording.language, "en") if code in question.texts),
        min(question.texts, default="en"),
    )
    return _text(question, language=language, wording=wording)


def _shown(question: Question, *, gap: Gap | None, wording: Wording) -> QuestionShown:
    first = first_text(question, wording=wording)
    others = [
        _text(question, language=language, wording=wording)
        for language in question.texts
        if language != first.lang
    ]
    why = (
        wording.say("questions.why_unknown")
        if gap is None
        else wording.say("questions.why", got=wording.share(gap.got))
    )
    return QuestionShown(
        name=wording.name(question.expectation),
        why=why,
        first=first,
        others=tuple(others),
        others_label=wording.counted("other_languages", len(others)) if others else "",
    )


def _text(question: Question, *, language: str, wording: Wording) -> QuestionText:
    return QuestionText(
        lang=language,
        direction=direction(language),
        language_name=wording.language_name(language),
        text=question.texts.get(language, ""),
        answers=tuple(question.answers.get(language, ())),
    )
