"""All models of the store."""

from __future__ import annotations

from forvent_server.store.models.assessments import Action, Assessment, GapValue
from forvent_server.store.models.business import Business, Expectation, Touchpoint
from forvent_server.store.models.customers import Customer, CustomerKey
from forvent_server.store.models.episodes import Episode, Promise
from forvent_server.store.models.events import Event
from forvent_server.store.models.imports import Import, Source
from forvent_server.store.models.jobs import Job
from forvent_server.store.models.people import (
    ApiKey,
    Attempt,
    Invitation,
    Person,
    RecoveryCode,
    SignIn,
)
from forvent_server.store.models.voices import Correction, Mention, Voice

__all__ = [
    "Action",
    "ApiKey",
    "Assessment",
    "Attempt",
    "Business",
    "Correction",
    "Customer",
    "CustomerKey",
    "Episode",
    "Event",
    "Expectation",
    "GapValue",
    "Import",
    "Invitation",
    "Job",
    "Mention",
    "Person",
    "Promise",
    "RecoveryCode",
    "SignIn",
    "Source",
    "Touchpoint",
    "Voice",
]
