"""Assess all that is known. At least once: equal data give no second assessment."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Sum

from forvent.engine import Engine
from forvent.identify.packs import catalogue_with, load_pack
from forvent.loop import Options, Run, conclude
from forvent.report import findings_json
from forvent.report.versioned_json import jsonable
from forvent.runs.assessing import RunTables
from forvent.runs.market import MarketOptions
from forvent_server.actions.actions import efforts_given
from forvent_server.actions.assessments import keep_assessment
from forvent_server.actions.queue import enqueue
from forvent_server.actions.told_anew import told_anew
from forvent_server.clocks import clocks_so_far
from forvent_server.companies import market_so_far
from forvent_server.jobs.work import Work
from forvent_server.store.models import (
    Assessment,
    Business,
    Calendar,
    Correction,
    Customer,
    Episode,
    Import,
    Source,
    Touchpoint,
    Voice,
)
from forvent_server.stored import heard_so_far, recalled_so_far, segments_known

#: What of a calendar decides on which clock promises count.
CLOCKS = ("pk", "hours", "zone", "holidays", "days", "clock", "clocks", "for_all", "made_at")


def assess(work: Work) -> None:
    """How well expectations are met, from all voices that were understood and all episodes.

    Episodes by themselves are enough for the record of promises; voices may come later or never.
    """
    made_from, now = fingerprint(), work.now()
    # What was changed and changed back is assessed anew: the last assessment is the one that is shown.
    if Assessment.objects.values_list("made_from", flat=True).first() == made_from:
        return
    with TemporaryDirectory(prefix="forvent-") as kept, Engine() as engine:
        folder = Path(kept)
        heard = heard_so_far(folder, progress=work.progress)
        record = recalled_so_far(folder, progress=work.progress)
        if not heard.report.used and record is None:
            return
        tables = RunTables(
            voices=engine.scan(folder / "voices.parquet"),
            mentions=engine.scan(folder / "mentions.parquet"),
            episodes=engine.scan(folder / "episodes.parquet") if record else None,
        )
        business = Business.objects.filter(pk=1).first()
        level = business.level if business else 0.95
        known = catalogue_with([load_pack(name) for name in (business.packs if business else ())])
        run = Run(
            engine,
            tables,
            options=Options(
                level=level,
                efforts=efforts_given(),
                by=record.groups if record else (),
                calendars=clocks_so_far().calendars(),
                touchpoint_stages=dict(Touchpoint.objects.values_list("name", "stage")),
            ),
            usual_kinds={name: one.usual_kind for name, one in known.items()},
            encoder=settings.FORVENT["FORVENT_ENCODER"],
            now=now.replace(tzinfo=None),
            parents={name: one.parent for name, one in known.items() if one.parent},
            usual_types={name: one.usual_type for name, one in known.items()},
        )
        findings = conclude(run, heard=heard, record=record, progress=work.progress)
        market = market_so_far(
            folder,
            engine=engine,
            quotes=heard.quotes,
            options=MarketOptions(own=business.name if business else "", level=level, encoder=run.encoder),
            now=run.now,
            progress=work.progress,
        )
    keep_assessment(
        replace(findings, title=business.name if business else ""),
        document=json.loads(findings_json(findings)),
        made_from=made_from,
        now=now,
        market=jsonable(market) if market else None,
    )
    with transaction.atomic():
        # There are later weeks by now to see what was done in.
        enqueue("effects", key="all", now=now)


def fingerprint() -> str:
    """What an assessment would be made from, in short: it changes with every change of the data."""
    voices = Voice.objects.aggregate(last=Max("pk"), understood=Max("identified_at"), told=Count("segments"))
    episodes = Episode.objects.aggregate(last=Max("pk"), changed=Max("changed_at"))
    imports = Import.objects.filter(holds="episodes", state="done").aggregate(last=Max("ended_at"))
    corrected = Correction.objects.aggregate(last=Max("pk"))
    # Words that are gone are quoted no more; merged customers are one.
    erased = Voice.objects.exclude(erased_at=None).aggregate(last=Max("erased_at"), n=Count("pk"))
    merged = Customer.objects.exclude(merged_into=None).aggregate(n=Count("pk"), of=Sum("pk"))
    level = Business.objects.aggregate(level=Max("level"))
    given = (voices, episodes, imports, corrected, erased, merged, level)
    placed = map(str, Touchpoint.objects.order_by("name").values_list("name", "stage"))
    # Columns chosen later tell the same voices apart, and so do other values in them.
    told = str(told_anew(Source.objects.values_list("settings", flat=True)))
    clocks = map(str, Calendar.objects.order_by("pk").values_list(*CLOCKS))
    parts = [
        *(str(part) for one in given for part in one.values()),
        *segments_known(),
        *placed,
        told,
        *clocks,
    ]
    return blake2b("/".join(parts).encode("utf-8"), digest_size=16).hexdigest()
