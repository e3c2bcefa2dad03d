"""The audit: who did what, when, to what; filtered, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.dateparse import parse_date

from forvent.report.wording import Wording
from forvent_server.store.models import Event, Person
from forvent_server.web.asked import whole
from forvent_server.web.pages import Asked, business, draw, page

#: Rows on one page.
SHOWN = 100
#: What the workspace itself did, among those who did something.
ITSELF = "workspace"
#: Details whose values are roles.
ROLE_DETAILS = {"role", "before", "after"}


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One thing that was done, as the page says it."""

    at: datetime
    who: str
    what: str
    about: str
    about_key: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """What was done, the newest first; ``asked`` are the filters, ``older`` leads on."""

    rows: tuple[AuditRow, ...]
    people: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...]
    asked: Mapping[str, str]
    older: str


@page(role="manager")
def audit_page(request: Asked) -> HttpResponse:
    """Who did what, when."""
    asked = {
        name: request.GET.get(name, "").strip()[:128] for name in ("who", "what", "about", "from", "until")
    }
    zone = ZoneInfo(business().time_zone)
    found = _found(asked, zone=zone)
    before = whole(request.GET.get("before", ""))
    if before is not None:
        found = found.filter(pk__lt=before)
    events = list(found[: SHOWN + 1])
    older = ""
    if len(events) > SHOWN:
        kept = {name: value for name, value in asked.items() if value}
        older = "?" + urlencode(kept | {"before": str(events[SHOWN - 1].pk)})
    shown = AuditPage(
        rows=_rows(request, events[:SHOWN], zone=zone),
        people=tuple((str(pk), name) for pk, name in Person.objects.values_list("pk", "name")),
        kinds=tuple(Event.objects.order_by("what").values_list("what", flat=True).distinct()),
        asked=asked,
        older=older,
    )
    return draw(request, "pages/audit.html", shown)


#: Details that name something of the catalogue, a language or a share.
SAID: Mapping[str, Callable[[Wording, str], str]] = {
    "expectation": lambda words, value: words.name(value),
    "stage": lambda words, value: words.label("stages", value),
    "language": lambda words, value: words.language_name(value),
    "level": lambda words, value: words.percent(float(value)),
}
#: Table, and beginning of the key, of the texts that say other details.
WRITTEN: Mapping[str, str] = {
    **dict.fromkeys(ROLE_DETAILS, "roles."),
    "action": "voices.said_",
    "active": "webhooks.active_",
    "clock": "calendar.clock_",
    "counts": "calendar.counts_",
    "events": "webhook_events.",
    "holds": "audit_holds.",
    "mask": "privacy.mask_",
    "measure": "actions.measure_",
    "packs": "pack_names.",
    "scopes": "keys.scope_",
    "verdict": "plan_verdicts.",
}


def _found(asked: Mapping[str, str], *, zone: ZoneInfo) -> QuerySet[Event]:
    found = Event.objects.order_by("-pk")
    if asked["who"] == ITSELF:
        found = found.filter(who=None, who_name="")
    elif (who := whole(asked["who"])) is not None:
        found = found.filter(who=who)
    if asked["what"]:
        found = found.filter(what=asked["what"])
    if asked["about"]:
        found = found.filter(about=asked["about"])
    if (start := _day(asked["from"], zone=zone)) is not None:
        found = found.filter(at__gte=start)
    if (last := _day(asked["until"], zone=zone)) is not None:
        found = found.filter(at__lt=last + timedelta(days=1))
    return found


def _rows(request: Asked, events: Iterable[Event], *, zone: ZoneInfo) -> tuple[AuditRow, ...]:
    events = list(events)
    words = request.words
    numbers = {event.about.partition(":")[2] for event in events if event.about.startswith("person:")}
    names = {str(pk): name for pk, name in Person.objects.filter(pk__in=numbers).values_list("pk", "name")}

    def about(key: str) -> str:
        kind, _, number = key.partition(":")
        if kind == "person" and number in names:
            return names[number]
        return f"{words.looked_up('audit_about', kind)} {number}".strip()

    return tuple(
        AuditRow(
            at=event.at.astimezone(zone),
            who=event.who_name or words.say("audit.workspace"),
            what=words.looked_up("audit_kinds", event.what),
            about=about(event.about),
            about_key=event.about,
            details=tuple(
                _detail(words, key, value)
                for key, value in event.details.items()
                if value not in ("", None, [])
            ),
        )
        for event in events
    )


def _detail(words: Wording, key: str, value: object) -> tuple[str, str]:
    label = words.looked_up("audit_details", key)
    if isinstance(value, list):
        return label, words.list_of(_value(words, key, str(one)) for one in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return label, words.number(value)
    return label, _value(words, key, str(value))


def _value(words: Wording, key: str, value: str) -> str:
    """A detail as the pages call it; what they have no word for stands as it was kept."""
    said = SAID.get(key)
    if said is not None:
        return said(words, value)
    room, _, start = WRITTEN.get(key, "").partition(".")
    return str(words.texts[room].get(f"{start}{value.replace(' ', '_')}", value)) if room else value


def _day(text: str, *, zone: ZoneInfo) -> datetime | None:
    """The beginning of a day in the time zone of the business; None where the text is no day."""
    try:
        day = parse_date(text)
        # Half a day more or less must not leave the calendar.
        return datetime.combine(day, time(), zone) if day and 1 < day.year < 9999 else None
    except ValueError:
        return None
