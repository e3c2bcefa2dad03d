"""All models of the store."""

from __future__ import annotations

from forvent_server.store.models.assessments import Action, Assessment, GapValue
from forvent_server.store.models.business import Business, Calendar, Expectation, Touchpoint
from forvent_server.store.models.customers import Customer, CustomerKey, Erased
from forvent_server.store.models.episodes import Episode, Promise
from forvent_server.store.models.events import Event
from forvent_server.store.models.imports import Import, Source, SourceDay, TakenMessage
from forvent_server.store.models.jobs import Job
from forvent_server.store.models.people import (
    ApiKey,
    Attempt,
    Invitation,
    Person,
    RecoveryCode,
    ResetLink,
    SignIn,
)
from forvent_server.store.models.programs import Delivery, KeyUse, Sent, Webhook
from forvent_server.store.models.voices import Correction, Mention, Voice

__all__ = [
    "Action",
    "ApiKey",
    "Assessment",
    "Attempt",
    "Business",
    "Calendar",
    "Correction",
    "Customer",
    "CustomerKey",
    "Delivery",
    "Episode",
    "Erased",
    "Event",
    "Expectation",
    "GapValue",
    "Import",
    "Invitation",
    "Job",
    "KeyUse",
    "Mention",
    "Person",
    "Promise",
    "RecoveryCode",
    "ResetLink",
    "Sent",
    "SignIn",
    "Source",
    "SourceDay",
    "TakenMessage",
    "Touchpoint",
    "Voice",
    "Webhook",
]
