"""The first screen: what was read, and the three findings that matter most."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from forvent.records import Coverage, Estimate, Findings, Gap, Promise
from forvent.report.plain_text import plain_text
from forvent.report.sections.gaps import gap_picture, gaps_finding
from forvent.report.sections.promise import overall_kept, overall_promise, promise_finding
from forvent.report.sections.questions import first_text
from forvent.report.verdicts import SHORT, gap_verdict
from forvent.report.wording import Wording

ASKED_FIRST = 2


@dataclass(frozen=True, slots=True)
class Block:
    """One of the three blocks: a question, its answer, and where more is."""

    question: str
    answer: str
    details: tuple[str, ...]
    picture: Markup | None
    anchor: str
    link: str


@dataclass(frozen=True, slots=True)
class Opening:
    """All that the head of the page shows."""

    title: str
    made: str
    read: str
    blocks: tuple[Block, ...]


def opening(findings: Findings, *, wording: Wording) -> Opening:
    """Title, what was read, and the three blocks."""
    return Opening(
        title=title(findings, wording=wording),
        made=wording.say("opening.made", date=wording.date(findings.made_at)),
        read=read_said(findings, wording=wording),
        blocks=(_gap_block(findings, wording), _word_block(findings, wording), _ask_block(findings, wording)),
    )


def title(findings: Findings, *, wording: Wording) -> str:
    """The title of the findings, else a general one."""
    return plain_text(findings.title) or wording.say("opening.title")


def read_said(findings: Findings, *, wording: Wording) -> str:
    """What was read, in one sentence: voices, languages, time, episodes."""
    read, episodes = findings.voices, findings.episodes
    voices = wording.counted("voices", read.used)
    languages = wording.counted("languages", len(main_languages(findings.coverage)))
    fields = {"voices": voices, "languages": languages}
    if read.first is not None and read.last is not None:
        fields |= {"first": wording.date(read.first), "last": wording.date(read.last)}
    if episodes is not None:
        fields["episodes"] = wording.counted("episodes", episodes.used)
    timed = "_timed" if "first" in fields else ""
    return wording.say(f"opening.read{timed}{'_episodes' if episodes is not None else ''}", **fields)


def biggest_gap(findings: Findings) -> Gap | None:
    """The first gap that surely falls short, else the first with a number."""
    sure = (gap for gap in findings.gaps if gap_verdict(gap) == SHORT)
    known = (gap for gap in findings.gaps if isinstance(gap.gap, Estimate))
    return next(sure, next(known, None))


def kept_said(findings: Findings, *, wording: Wording) -> str:
    """How often the promise was kept, in one sentence."""
    rate = overall_kept(findings.kept)
    if rate is None:
        return wording.say("opening.kept_none")
    if not isinstance(rate.kept, Estimate):
        return wording.unknown(rate.kept, noun="cases")
    return wording.say("opening.kept", share=wording.share(rate.kept, noun="cases"))


def _gap_block(findings: Findings, wording: Wording) -> Block:
    gap = biggest_gap(findings)
    details: tuple[str, ...] = ()
    if gap is not None:
        details = (
            wording.say("opening.got", name=wording.name(gap.expectation), share=wording.share(gap.got)),
        )
    return Block(
        question=wording.say("opening.gap_question"),
        answer=gaps_finding(findings.gaps, wording=wording),
        details=details,
        picture=gap_picture(gap, wording=wording) if gap is not None else None,
        anchor="gaps",
        link=wording.say("opening.gap_link"),
    )


def _word_block(findings: Findings, wording: Wording) -> Block:
    rate, promise = overall_kept(findings.kept), overall_promise(findings.promises)
    answer = kept_said(findings, wording=wording)
    if rate is not None and isinstance(rate.kept, Estimate):
        answer = wording.say("opening.kept_answer", share=wording.share_value(rate.kept))
    details = [kept_said(findings, wording=wording)] if rate is not None else []
    if isinstance(promise, Promise) or rate is not None:
        details.append(promise_finding(findings, wording=wording))
    return Block(
        question=wording.say("opening.word_question"),
        answer=answer,
        details=tuple(details),
        picture=None,
        anchor="promise",
        link=wording.say("opening.word_link"),
    )


def _ask_block(findings: Findings, wording: Wording) -> Block:
    asked = [question for question in findings.questions if question.texts]
    texts = [first_text(question, wording=wording).text for question in asked[: ASKED_FIRST + 1]]
    return Block(
        question=wording.say("opening.ask_question"),
        answer=texts[0] if texts else wording.say("questions.finding_none"),
        details=tuple(texts[1:]),
        picture=None,
        anchor="questions",
        link=wording.say("opening.ask_link"),
    )


def main_languages(coverage: Coverage) -> tuple[str, ...]:
    """Languages of at least one in a hundred voices that say something; others may be misread short texts."""
    least = sum(coverage.languages.values()) / 100
    return tuple(language for language, count in coverage.languages.items() if count >= least)
