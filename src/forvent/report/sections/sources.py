"""What was read and what was left out, and how every number is defined."""

from __future__ import annotations

from dataclasses import dataclass

from forvent.records import Estimate, Findings, NotEnough, ReadingReport, Score, Unusable
from forvent.report.notes import note_said
from forvent.report.plain_text import plain_text, shortened
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.wording import Wording

CELL = 60
# How the reader marks rows that were used without the part that was wrong.
KEPT_BUT = "kept, but: "
DEFINED = (
    "share_met", "expected", "gap", "importance", "stake", "kind", "interval", "crosshair", "chain",
    "late",
    "kept", "promise", "levels", "said", "question", "coverage",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileShown:
    """One file: how it was understood, and what could not be used."""

    name: str
    statement: tuple[str, ...]
    mapping: DataTable
    unusable: DataTable | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourcesSection:
    """All that the section shows."""

    finding: str
    files: tuple[FileShown, ...]
    coverage: tuple[str, ...]
    languages: DataTable | None
    scores: DataTable | None
    definitions: tuple[tuple[str, str], ...]


def sources_section(findings: Findings, *, wording: Wording) -> SourcesSection:
    """Both files, coverage, languages, scores, and the definitions."""
    files = [_file(findings.voices, noun="voices", wording=wording)]
    if findings.episodes is not None:
        files.append(_file(findings.episodes, noun="episodes", wording=wording))
    return SourcesSection(
        finding=sources_finding(findings, wording=wording),
        files=tuple(files),
        coverage=coverage_said(findings, wording=wording),
        languages=_languages(findings, wording),
        scores=_scores(findings.scores, wording) if findings.scores else None,
        definitions=tuple(
            (
                wording.say(f"definitions.{key}.name"),
                wording.say(f"definitions.{key}.text", level=wording.percent(findings.level)),
            )
            for key in DEFINED
        ),
    )


def sources_finding(findings: Findings, *, wording: Wording) -> str:
    """The heading: how much of the file of voices could be used."""
    read = findings.voices
    if read.used == read.rows:
        return wording.say("sources.finding_all", count=wording.counted("rows", read.rows))
    return wording.say(
        "sources.finding",
        used=wording.number(read.used),
        rows=wording.counted("rows", read.rows),
        left=wording.number(read.rows - read.used),
    )


def coverage_said(findings: Findings, *, wording: Wording) -> tuple[str, ...]:
    """How much of what was said the catalogue knows."""
    found = findings.coverage
    covered = (
        wording.share(found.covered)
        if isinstance(found.covered, Estimate)
        else wording.unknown(found.covered)
    )
    return (
        wording.say("sources.covered", share=covered),
        wording.say("sources.other", count=wording.counted("voices", found.other)),
        wording.say("sources.content_free", count=wording.counted("voices", found.content_free)),
    )


def score_name(score: Score, *, wording: Wording) -> str:
    """The name of a score for people, else its id."""
    return plain_text(wording.looked_up("score_names", score.name))


def score_definition(score: Score, *, wording: Wording) -> str:
    """The definition of a score with its version; in English where its version has no translation.

    A definition reads "csat/1: …"; what stands before the colon is looked up.
    """
    version, _, _ = score.definition.partition(":")
    said = wording.looked_up("score_definitions", version)
    if said == version:
        return plain_text(score.definition)
    definition = wording.say("sources.score_version", version=version, definition=said)
    remark = score.definition.rpartition("; ")[2]
    if remark not in wording.texts["score_remarks"]:
        return definition
    shown = wording.looked_up("score_remarks", remark)
    return wording.say("sources.score_remark", definition=definition, remark=shown)


def reason_said(reason: str, *, wording: Wording) -> str:
    """Why rows could not be used, in the language of the report where it has the reason."""
    if reason.startswith(KEPT_BUT):
        return wording.say(
            "sources.kept_but", reason=reason_said(reason.removeprefix(KEPT_BUT), wording=wording)
        )
    known = [start for start in wording.texts["reasons"] if reason.startswith(start)]
    start = max(known, key=len, default="")
    return plain_text(wording.looked_up("reasons", start) + reason.removeprefix(start))


def score_value(score: Score, *, wording: Wording, noun: str = "ratings") -> str:
    """A score with interval and count: shares as percent, others as plain numbers."""
    if isinstance(score.estimate, NotEnough):
        return wording.unknown(score.estimate, noun=noun)
    if score.unit == "share":
        return wording.share(score.estimate, noun=noun)
    large = max(abs(score.estimate.low), abs(score.estimate.high)) > 10
    return wording.amount(score.estimate, noun=noun, decimals=0 if large else 2)


def _file(read: ReadingReport, *, noun: str, wording: Wording) -> FileShown:
    return FileShown(
        name=plain_text(read.file),
        statement=_statement(read, noun=noun, wording=wording),
        mapping=data_table(
            wording.say("sources.mapping", file=plain_text(read.file)),
            head=[wording.say(f"columns.{key}") for key in ("meaning", "column", "how")],
            rows=[_mapped(read, meaning=meaning, wording=wording) for meaning in read.mapping],
        ),
        unusable=_unusable(read, wording),
        notes=tuple(plain_text(note_said(note, wording=wording)) for note in read.notes),
    )


def _statement(read: ReadingReport, *, noun: str, wording: Wording) -> tuple[str, ...]:
    parts = [
        wording.say(
            "sources.read_encoding" if read.encoding else "sources.read",
            used=wording.counted(noun, read.used),
            rows=wording.counted("rows", read.rows),
            format=plain_text(read.format),
            encoding=plain_text(read.encoding or ""),
        )
    ]
    if read.repeated:
        parts.append(wording.counted("repeated", read.repeated))
    if read.scale is not None:
        low, high = (
            wording.number(end, decimals=0 if end == round(end) else 1)
            for end in (read.scale.low, read.scale.high)
        )
        key = "sources.scale_guessed" if read.scale.guessed else "sources.scale_given"
        parts.append(wording.say(key, scale=wording.say("numbers.scale", low=low, high=high)))
    return tuple(parts)


def _mapped(read: ReadingReport, *, meaning: str, wording: Wording) -> tuple[str, ...]:
    key = "sources.guessed" if meaning in read.guessed else "sources.told"
    return (
        wording.texts["meanings"].get(meaning, meaning),
        shortened(plain_text(read.mapping[meaning]), most=CELL),
        wording.say(key),
    )


def _unusable(read: ReadingReport, wording: Wording) -> DataTable | None:
    if not read.unusable:
        return None
    return data_table(
        wording.say("sources.unusable", file=plain_text(read.file)),
        head=[wording.say(f"columns.{key}") for key in ("reason", "count", "rows", "column", "example")],
        rows=[_reason(found, wording) for found in read.unusable],
    )


def _reason(found: Unusable, wording: Wording) -> tuple[str, ...]:
    none = wording.say("numbers.none")
    rows = ", ".join(str(row) for row in found.rows) or none
    more = found.count > len(found.rows) > 0
    return (
        reason_said(found.reason, wording=wording),
        wording.number(found.count),
        wording.say("sources.rows_more", rows=rows) if more else rows,
        shortened(plain_text(found.column or none), most=CELL),
        shortened(plain_text(found.example or none), most=CELL),
    )


def _languages(findings: Findings, wording: Wording) -> DataTable | None:
    counts = sorted(findings.coverage.languages.items(), key=lambda item: (-item[1], item[0]))
    if not counts:
        return None
    return data_table(
        wording.say("sources.languages"),
        head=[wording.say("columns.language"), wording.say("columns.count")],
        rows=[(wording.language_name(code), wording.number(count)) for code, count in counts],
    )


def _scores(scores: tuple[Score, ...], wording: Wording) -> DataTable:
    return data_table(
        wording.say("sources.scores"),
        head=[wording.say(f"columns.{key}") for key in ("score", "value", "definition")],
        rows=[
            (
                score_name(score, wording=wording),
                score_value(score, wording=wording),
                score_definition(score, wording=wording),
            )
            for score in scores
        ],
    )
