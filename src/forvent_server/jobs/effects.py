"""See whether what was done helped. At least once: the same weeks give the same effect."""

from __future__ import annotations

from forvent.report.versioned_json import jsonable
from forvent_server.actions.actions import keep_effect
from forvent_server.bridge import action_record
from forvent_server.jobs.work import Work
from forvent_server.store.models import Action
from forvent_server.weeks import effect_so_far


def effects(work: Work) -> None:
    """The effect of every action that is done, from the weeks since."""
    done = list(Action.objects.filter(state="done").select_related("owner").order_by("pk"))
    for number, row in enumerate(done, start=1):
        keep_effect(row, effect=jsonable(effect_so_far(action_record(row))), now=work.now())
        work.progress("effects", number, len(done))
