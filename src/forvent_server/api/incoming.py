"""Messages that other programs send to a source: signed, each taken in once."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from forvent_server.actions.sources import note_refused, take_in_message
from forvent_server.api.problems import problem
from forvent_server.sources.contract import Ask, Message, Refused
from forvent_server.sources.slices import slice_of
from forvent_server.sources.webhook import LARGEST
from forvent_server.store.models import Source
from forvent_server.store.sealing import SealedAway

#: Seconds after which a paused source may be tried again.
LATER = "3600"


def now() -> datetime:
    """The moment a message comes."""
    return datetime.now(UTC)


# The signature stands for the mark of the form, which only browsers carry.
@csrf_exempt
def incoming(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a message in: 200 with how many voices were new, or why not."""
    if request.method != "POST":
        return problem(405, "Messages are sent by POST.", headers={"Allow": "POST"})
    source = Source.objects.filter(pk=pk).first()
    made = slice_of(source.kind) if source else None
    if source is None or made is None or made.receive is None:
        return problem(404, "There is no source here.")
    if not source.active:
        return problem(503, "The source is paused.", hint="Send it later.", headers={"Retry-After": LATER})
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return problem(413, "The message is larger than 1 MiB.", hint="Send fewer voices at once.")
    moment = now()
    try:
        secret = source.secret
    except SealedAway as error:
        return problem(503, error.message, hint=error.hint, code=error.code, headers={"Retry-After": LATER})
    ask = Ask(
        {one.name: one.default for one in made.fields} | source.settings,
        now=moment,
        secret=secret,
        inside=settings.FORVENT["FORVENT_SOURCES_INSIDE"],
    )
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        taken = take_in_message(source, made.receive(ask, Message(headers, request.body)), now=moment)
    except Refused as refused:
        note_refused(source, kind=refused.kind, now=moment)
        return problem(refused.status, refused.message, hint=refused.hint, code=refused.code)
    return JsonResponse({"new": taken.new, "known": taken.known})
