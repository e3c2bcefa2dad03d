"""The folder a report was written to, as what a plan is made from and kept in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa

from forvent.adjust.effect import DEFINITION, pooled, rebound
from forvent.adjust.if_met import if_promised
from forvent.adjust.priorities import PlanSettings, chances_real
from forvent.engine import Engine
from forvent.errors import BadOption, NothingUsable
from forvent.identify import catalogue
from forvent.records import Estimate, FrontierPoint, Gap
from forvent.records.effect import Action, Baseline, Effect, Tally
from forvent.records.plan import IfPromised, Plan, WhatIfs
from forvent.runs.acting import MEASURES, effect_since, subject_of, weeks_of
from forvent.runs.action_book import (
    DONE,
    DROPPED,
    ActionBook,
    read_book,
    write_book,
    writing,
)
from forvent.runs.plan_files import (
    EPISODES,
    MENTIONS,
    VOICES,
    amount,
    at_risk,
    moment,
    read_findings,
    there,
)
from forvent.runs.planning import (
    Grounds,
    Known,
    PlanTables,
    grounds_of,
    planned,
    touchpoint_gaps,
    what_ifs,
)

#: The seed of every bootstrap of a report.
SEED = 1
LEAST_JUDGED = 5


@dataclass(frozen=True)
class NewAction:
    """What a person says of an action that is to be added."""

    subject: str
    action: str
    owner: str
    hypothesis: str
    due: date | None = None
    effort_days: float | None = None
    measure: str = "share_met"
    comparison: str = ""
    target: float | None = None


class PlanFolder:
    """A folder with ``findings.json`` and the tables of its run; a context manager that frees the engine.

    Parameters
    ----------
    folder
        What ``forvent report … --out`` wrote.
    settings
        Weights and the level of intervals; efforts kept in the folder are added to it.

    Raises
    ------
    UnreadableFile
        If the folder holds no findings or tables.

    Source
    ------
    Our own definition, docs/plan.md.
    """

    def __init__(self, folder: Path | str, *, settings: PlanSettings | None = None) -> None:
        self._folder = Path(folder)
        self._findings = read_findings(self._folder)
        self._settings = settings or PlanSettings()
        self._book = read_book(self._folder)
        self._engine = Engine()
        as_of = moment((self._findings.get("episodes") or {}).get("last"))
        episodes = self._folder / EPISODES
        self.tables = PlanTables(
            voices=self._engine.scan(there(self._folder, VOICES)),
            mentions=self._engine.scan(there(self._folder, MENTIONS)),
            episodes=self._engine.scan(episodes) if episodes.is_file() and as_of else None,
            as_of=as_of,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engine.close()

    @property
    def book(self) -> ActionBook:
        """The actions as they are kept now."""
        return self._book

    @cached_property
    def _known(self) -> Known:
        entries = catalogue()
        rows = (self._findings.get("plan") or {}).get("priorities") or ()
        kinds = {name: each.usual_kind for name, each in entries.items()}
        types = {name: each.usual_type for name, each in entries.items()}
        # Expectations of a pack stand only in the findings.
        kinds |= {row["expectation"]: row["usual_kind"] for row in rows}
        types |= {row["expectation"]: row["usual_type"] for row in rows}
        efforts = {**self._book.efforts, **self._settings.efforts}
        return Known(kinds, types, at_risk(self._findings), replace(self._settings, efforts=efforts))

    @cached_property
    def _grounds(self) -> Grounds:
        return grounds_of(self.tables, collect=self._collect, known=self._known, rng=self._rng())

    def _collect(self, table: Any) -> pa.Table:
        return self._engine.collect(table)

    @staticmethod
    def _rng() -> np.random.Generator:
        return np.random.default_rng(SEED)

    def plan(self) -> Plan:
        """The ranked gaps, with the efforts that are kept in the folder.

        Returns
        -------
        Plan
            The same as in the report, but for efforts given since.

        Source
        ------
        Our own definition, docs/formulas/adjust-plan.md#priority.
        """
        return planned(self._grounds, self.tables, collect=self._collect, known=self._known)

    def what_if(self, names: Sequence[str], *, targets: Mapping[str, float] | None = None) -> WhatIfs:
        """What goes together with meeting expectations more often.

        Parameters
        ----------
        names
            Expectations.
        targets
            Shares to try, by expectation.

        Returns
        -------
        WhatIfs
            Rows in the order of the names.

        Source
        ------
        Our own definition, docs/formulas/adjust-plan.md#if-met.
        """
        return what_ifs(self._grounds, names=names, rng=self._rng(), targets=targets)

    def what_if_promised(self, length: float) -> tuple[IfPromised, ...]:
        """How often a promise of this length would have been kept; empty beyond what the record shows.

        Parameters
        ----------
        length
            In the unit of the frontier of the findings.

        Returns
        -------
        tuple of IfPromised
            One row.

        Raises
        ------
        BadOption
            If the report was made without episodes, or they were never so quick or slow.

        Source
        ------
        Our own definition, docs/formulas/adjust-plan.md#if-promised.
        """
        line = [
            FrontierPoint(point["length"], point["unit"], amount(point["kept"]))  # type: ignore[arg-type]
            for point in self._findings.get("frontier") or ()
        ]
        if not line:
            raise BadOption(
                "Nothing is known of promises here.", hint="Run forvent report with --episodes first."
            )
        chain = self._findings.get("chain") or {}
        late, kept = chain.get("late_difference"), self._findings.get("kept") or ()
        own = next((amount(rate["kept"]) for rate in kept if not rate["group"]), None)
        found = if_promised(
            line,
            lengths=[length],
            today=None,
            kept_today=own,
            late_difference=amount(late) if late else None,
        )
        if not found:
            raise BadOption(
                f"A promise of {length:g} {line[0].unit}s lies beyond the record.",
                hint=f"Take a length from {line[0].length:g} to {line[-1].length:g}.",
            )
        return found

    # ----------------------------------------------------------------------- actions

    def add(self, new: NewAction, *, today: date) -> Action:
        """Keep an action with its baseline as it is now.

        Parameters
        ----------
        new
            What a person says of it.
        today
            The day it is decided.

        Returns
        -------
        Action
            With its id and its frozen baseline.

        Raises
        ------
        BadOption
            If a part is missing or unknown.
        NothingUsable
            If too few judge the subject for a baseline.

        Source
        ------
        Our own definition, docs/plan.md.
        """
        _check(new)
        weeks = self._weeks(new.subject, new.measure)
        beside = self._weeks(new.comparison, new.measure) if new.comparison else ()
        estimate = pooled(weeks)
        judged = sum(one.n for one in weeks)
        if judged < LEAST_JUDGED or not isinstance(estimate, Estimate):
            raise NothingUsable(
                f"{judged} dated judgements of '{new.subject}' are too few for a baseline.",
                hint="Look at the ids in plan.json, and whether the voices have a time.",
            )
        if new.comparison and sum(one.n for one in beside) < LEAST_JUDGED:
            raise NothingUsable(
                f"Too few judge the comparison '{new.comparison}'.",
                hint="Take another comparison, or --comparison none.",
            )
        target, rise = self._aim(new)
        action = Action(
            id="A0",
            subject=new.subject,
            action=new.action,
            owner=new.owner,
            hypothesis=new.hypothesis,
            measure=new.measure,
            comparison=new.comparison,
            target=target,
            baseline=Baseline(
                estimate=estimate,
                first=weeks[0].week,
                last=weeks[-1].week + timedelta(days=6),
                definition=f"{new.measure}/1, {DEFINITION}",
                rebound=rise,
                weeks=weeks,
                comparison_weeks=beside,
            ),
            added=today,
            due=new.due,
            effort_days=new.effort_days,
        )
        with writing(self._folder):
            book = read_book(self._folder)
            kept = replace(action, id=book.next_id())
            self._keep(book.with_action(kept))
        return kept

    def done(self, action_id: str, *, on: date) -> Action:
        """Mark an open action as done on a day.

        Parameters
        ----------
        action_id
            Its id.
        on
            The day.

        Returns
        -------
        Action
            As it is kept now.

        Raises
        ------
        BadOption
            If there is no such open action.

        Source
        ------
        Our own definition, docs/plan.md.
        """
        return self._close(action_id, status=DONE, on=on)

    def drop(self, action_id: str, *, why: str) -> Action:
        """Drop an open action; it stays in the file with the reason.

        Parameters
        ----------
        action_id
            Its id.
        why
            The reason.

        Returns
        -------
        Action
            As it is kept now.

        Raises
        ------
        BadOption
            If there is no such open action, or no reason.

        Source
        ------
        Our own definition, docs/plan.md.
        """
        if not why.strip():
            raise BadOption("A dropped action needs a reason.", hint='Say --why "…".')
        return self._close(action_id, status=DROPPED, why=why)

    def set_efforts(self, efforts: Mapping[str, float]) -> None:
        """Keep efforts in days by expectation.

        Parameters
        ----------
        efforts
            Days, by expectation of this report.

        Raises
        ------
        BadOption
            If nobody speaks of an expectation.

        Source
        ------
        Our own definition, docs/plan.md.
        """
        known = {gap.expectation for gap in self._grounds.gaps}
        for name in efforts:
            if name not in known:
                raise BadOption(
                    f"Nobody speaks of '{name}' in these voices.", hint="Take an expectation of the plan."
                )
        with writing(self._folder):
            book = read_book(self._folder)
            self._keep(replace(book, efforts={**book.efforts, **efforts}))

    def effect(self, action: Action, *, since: date | None = None) -> Effect:
        """Whether the gap of an action closed, by the tables of the folder.

        Parameters
        ----------
        action
            A kept action.
        since
            Day from which it counts as done; that of the action where None.

        Returns
        -------
        Effect
            The verdict.

        Source
        ------
        Our own definition, docs/formulas/adjust-plan.md#effect.
        """
        return effect_since(action, self.tables, collect=self._collect, since=since)

    def can_see(self, action: Action) -> bool:
        """Whether the folder has what the measure of an action needs."""
        return action.measure != "kept" or self.tables.episodes is not None

    def rating_scale(self) -> dict[str, float]:
        """Lowest and highest rating as they were given; 0 and 1 where there are none."""
        scale = self._findings["voices"].get("scale") or {"low": 0.0, "high": 1.0}
        return {"low": float(scale["low"]), "high": float(scale["high"])}

    def _close(self, action_id: str, *, status: str, on: date | None = None, why: str = "") -> Action:
        with writing(self._folder):
            book = read_book(self._folder).closed(action_id, status=status, on=on, why=why)
            self._keep(book)
        return book.find(action_id)

    def _keep(self, book: ActionBook) -> None:
        write_book(book, self._folder)
        self._book = book
        # Efforts may have changed.
        self.__dict__.pop("_known", None)

    def _weeks(self, subject: str, measure: str) -> tuple[Tally, ...]:
        return weeks_of(
            self.tables, subject_of(subject, measure=measure), measure=measure, collect=self._collect
        )

    def _aim(self, new: NewAction) -> tuple[Estimate, float]:
        """What the measure has to reach, and by how much it is to be expected to rise of itself."""
        if new.measure in ("kept", "rating"):
            if new.target is None and new.measure == "rating":
                raise BadOption("A rating needs a target.", hint="Say --target 0.9, on a scale of 0 to 1.")
            share = new.target if new.target is not None else float(self._findings.get("level") or 0.95)
            return Estimate(share, share, share, 0), 0.0
        gap, rise = self._gap(new.subject)
        if new.target is not None:
            return Estimate(new.target, new.target, new.target, 0), rise
        if not isinstance(gap.expected, Estimate):
            raise NothingUsable(
                f"What is expected of '{new.subject}' is not known.", hint="Say --target, such as 0.9."
            )
        if new.measure == "gap":
            return gap.expected, rise
        share = gap.expected.value
        return Estimate(share, share, share, gap.expected.n, gap.expected.level), rise

    def _gap(self, text: str) -> tuple[Gap, float]:
        subject = subject_of(text, measure="share_met")
        gaps = (
            touchpoint_gaps(self._grounds, known=self._known)
            if subject.touchpoint is not None
            else self._grounds.gaps
        )
        known = [gap for gap in gaps if isinstance(gap.gap, Estimate)]
        values = [gap.gap for gap in known if isinstance(gap.gap, Estimate)]
        chances = chances_real(
            [one.value for one in values], errors=[max(one.high - one.low, 1e-6) / 3.92 for one in values]
        )
        for gap in gaps:
            if gap.expectation == subject.expectation and gap.touchpoint == subject.touchpoint:
                if gap not in known:
                    return gap, 0.0
                place = known.index(gap)
                return gap, rebound(values[place].value, shrunk=float(chances.shrunk[place]))
        raise BadOption(f"Nobody speaks of '{text}' in these voices.", hint="Take a subject of the plan.")


def _check(new: NewAction) -> None:
    missing = [
        f"--{name}"
        for name, said in (("action", new.action), ("owner", new.owner), ("hypothesis", new.hypothesis))
        if not said.strip()
    ]
    if missing:
        raise BadOption(
            f"An action needs {', '.join(missing)}.", hint="Say what, who, and why it should help."
        )
    if new.measure not in MEASURES:
        raise BadOption(f"'{new.measure}' is no measure.", hint=f"Measures are {', '.join(MEASURES)}.")
    if new.target is not None and not 0.0 <= new.target <= 1.0:
        raise BadOption(f"A target of {new.target:g} is no share.", hint="Give 0 to 1, such as 0.9.")
    if new.comparison == new.subject:
        raise BadOption(
            f"'{new.comparison}' is what the action is about, so it is no comparison.",
            hint="Take one that nothing is done about, or --comparison none.",
        )
