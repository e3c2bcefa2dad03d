"""What the business wants to be for its customers, and how well the expectations it names are met."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from forvent.report.sections.gaps import verdict_text
from forvent.report.verdicts import gap_verdict
from forvent_server.assessed import Made, made_of, newest_assessment
from forvent_server.store.models import Business
from forvent_server.web.language import words

#: Where pages begin that measure; those of settings, people and files measure nothing.
MEASURING = frozenset(
    ("", "changes", "episodes", "expectations", "journey", "market", "personas", "plan", "promises", "voices")
)
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """One expectation that the statement speaks of, and how well it is met."""

    name: str
    address: str
    verdict: str
    text: str


@dataclass(frozen=True, slots=True)
class Intent:
    """The statement, and what it is measured by; ``says`` sums it up."""

    statement: str
    says: str
    rows: tuple[Measured, ...]


def intent_of(business: Business | None, *, path: str, language: str) -> Intent | None:
    """The statement of intent for the page at this path; None where there is none, or nothing is measured."""
    if business is None or not business.intent or path.strip("/").partition("/")[0] not in MEASURING:
        return None
    newest = newest_assessment() if business.intent_names else None
    rows = _rows(made_of(newest), tuple(business.intent_names), language) if newest else ()
    return Intent(business.intent, _says(rows, language), rows)


@lru_cache(maxsize=32)
def _rows(made: Made, names: Names, language: str) -> tuple[Measured, ...]:
    wording = words(language, scale=made.findings.voices.scale)
    gaps = {gap.expectation: gap for gap in made.findings.gaps}
    return tuple(
        Measured(
            name=wording.name(name),
            address=f"/expectations/{name}/",
            verdict=gap_verdict(gaps[name]),
            text=verdict_text(gaps[name], wording=wording),
        )
        for name in names
        if name in gaps
    )


def _says(rows: tuple[Measured, ...], language: str) -> str:
    if not rows:
        return ""
    wording = words(language)
    counts = [
        (kind, sum(one.verdict == kind for one in rows))
        for kind in ("short", "undecided", "above", "unknown")
    ]
    parts = [wording.counted(f"tally_{kind}", count) for kind, count in counts if count]
    return wording.say(
        "gaps.tally", count=wording.counted("expectations", len(rows)), parts=wording.list_of(parts)
    )
