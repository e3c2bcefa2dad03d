"""A mailbox: new mails are read and left as they are, unless it is set to mark them as seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from forvent_server.sources.contract import Ask, Brought, Field, Slice
from forvent_server.sources.imap import Folder, open_folder
from forvent_server.sources.mails import voice_of_mail

#: Mails read and stored at once: so many may come again where a mailbox vanishes.
AT_ONCE = 20


def look(ask: Ask) -> Iterator[Brought]:
    """All mails behind the last one, the oldest first, twenty at a time.

    A mailbox that numbers its mails anew is read again from the first day that is set; what came before
    is known by the ids of the mails.

    Raises
    ------
    Trouble
        If the mailbox cannot be opened, or vanishes; what was yielded before stays.
    """
    with open_folder(ask) as folder:
        same = ask.place.get("validity") == folder.validity
        last = int(ask.place.get("uid", 0)) if same else 0
        new = folder.after(last, since=None if last else _first_day(ask))
        if not new and not same:
            yield Brought((), {"validity": folder.validity, "uid": 0})
        for start in range(0, len(new), AT_ONCE):
            asked = new[start : start + AT_ONCE]
            yield _brought(folder, asked, ask=ask)
            # Only once they are stored: who looks for unseen mails shall find those that are not.
            if ask.settings.get("mark"):
                folder.mark(asked)


def _brought(folder: Folder, asked: list[int], *, ask: Ask) -> Brought:
    own = [one.strip().lower() for one in str(ask.settings.get("own") or "").split(",")]
    mails = folder.mails(asked)
    voices = [
        voice_of_mail(
            raw,
            key=f"{folder.validity}:{uid}",
            row=uid,
            now=ask.now,
            own=own,
            touchpoint=str(ask.settings.get("touchpoint") or ""),
        )
        for uid, raw in sorted(mails.items())
    ]
    usable = tuple(voice for voice in voices if voice)
    return Brought(usable, {"validity": folder.validity, "uid": asked[-1]}, len(voices) - len(usable))


def _first_day(ask: Ask) -> date:
    return (ask.now - timedelta(days=int(ask.settings.get("days") or 0))).date()


SLICE = Slice(
    name="mailbox",
    fields=(
        Field("host", required=True),
        Field("port", "number", default=993, low=1, high=65535),
        Field("security", "choice", default="tls", choices=("tls", "starttls")),
        Field("user", required=True),
        Field("password", "secret", required=True),
        Field("folder", default="INBOX"),
        Field("days", "number", default=90, low=0, high=3650),
        Field("own"),
        Field("touchpoint"),
        Field("mark", "switch", default=False),
        Field("certificate", "long"),
    ),
    look=look,
)
