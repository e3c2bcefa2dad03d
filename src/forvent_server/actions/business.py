"""What the business says of itself: name, intent, level, packs, touchpoints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from forvent.errors import BadOption
from forvent.identify.pack_files import shipped_packs
from forvent.identify.packs import catalogue_with, load_pack
from forvent.tables import LANGUAGES, STAGES
from forvent_server.actions.events import record
from forvent_server.actions.people import NotAllowed
from forvent_server.actions.queue import enqueue
from forvent_server.store.models import Business, Expectation, Person, Touchpoint, Voice


@transaction.atomic
def change_business(
    *,
    name: str,
    intent: str,
    intent_names: Sequence[str] = (),
    language: str,
    time_zone: str,
    level: float,
    packs: Sequence[str],
    who: Person,
    now: datetime,
) -> Business:
    """What the business says of itself. Other packs let all voices be understood anew.

    Raises
    ------
    NotAllowed
        If who asks is no owner.
    BadOption
        If a value cannot be; nothing is changed then.
    """
    if not who.may("owner"):
        raise NotAllowed(f"{who.name} may not change the settings.", hint="Ask an owner.")
    _check(name=name, language=language, time_zone=time_zone, level=level)
    unknown = sorted(set(packs) - set(shipped_packs()))
    if unknown:
        # Folders of packs are not taken from a form: they would name files of this computer.
        raise BadOption(f"There is no pack '{unknown[0]}'.", hint=f"They are {', '.join(shipped_packs())}.")
    strange = sorted(set(intent_names) - known_expectations())
    if strange:
        raise BadOption(f"There is no expectation '{strange[0]}'.", hint="Choose one of those shown.")
    made = Business.objects.select_for_update().get(pk=1)
    before = sorted(made.packs)
    made.name, made.intent, made.language = name.strip()[:200], intent.strip(), language
    made.time_zone, made.level, made.packs = time_zone, level, sorted(packs)
    made.intent_names = sorted(set(intent_names))
    made.save()
    record("change settings", who=who, now=now, about=made, level=level, packs=sorted(packs))
    if before != made.packs:
        Voice.objects.filter(erased_at=None).update(identified_at=None)
        enqueue("identify", key="new", now=now)
    enqueue("assess", key="all", now=now)
    return made


def known_expectations() -> set[str]:
    """Ids of the catalogue, of all packs that are shipped, and of what the business added."""
    shipped = catalogue_with([load_pack(name) for name in shipped_packs()])
    return set(shipped) | set(Expectation.objects.values_list("key", flat=True))


def _check(*, name: str, language: str, time_zone: str, level: float) -> None:
    if not name.strip():
        raise BadOption("The business has no name.", hint="Write one.")
    if language not in LANGUAGES:
        raise BadOption(f"There is no language '{language}'.", hint=f"They are {', '.join(LANGUAGES)}.")
    if not 0.5 <= level < 1:
        raise BadOption(f"A level of {level:g} is not between 0.5 and 1.", hint="Give a share, such as 0.95.")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadOption(
            f"There is no time zone '{time_zone}'.", hint="Write it as Europe/Oslo or UTC."
        ) from error


@transaction.atomic
def name_touchpoint(*, name: str, stage: str, who: Person, now: datetime) -> Touchpoint:
    """A touchpoint at a stage of the journey; one of that name is moved there, in the next assessment too.

    Raises
    ------
    BadOption
        If it has no name, or the stage is none of the seven.
    """
    if not who.may("manager"):
        raise NotAllowed(f"{who.name} may not change the journey.", hint="Ask a manager.")
    if not name.strip() or stage not in STAGES:
        raise BadOption("A touchpoint needs a name and a stage.", hint=f"Stages are {', '.join(STAGES)}.")
    made, _ = Touchpoint.objects.update_or_create(name=name.strip()[:200], defaults={"stage": stage})
    record("name touchpoint", who=who, now=now, about=made, stage=stage)
    enqueue("assess", key="all", now=now)
    return made


@transaction.atomic
def drop_touchpoint(made: Touchpoint, *, who: Person, now: datetime) -> None:
    """The touchpoint is forgotten; voices keep the name they came with."""
    record("drop touchpoint", who=who, now=now, about=made)
    made.delete()
    enqueue("assess", key="all", now=now)
