"""A mailbox by IMAP4rev1 under TLS: connected, signed in, one folder open."""

from __future__ import annotations

import base64
import imaplib
import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from forvent_server.sources.contract import Ask, Trouble
from forvent_server.sources.outside import connect, secured

SECONDS = 30.0
#: Bytes of one mail that are read: words stand in front of what is attached.
OF_A_MAIL = 1024 * 1024
_LONGEST_LITERAL = OF_A_MAIL + 65536
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class _Speaking(imaplib.IMAP4):
    """Reaches the address that was looked at, and believes no length without end."""

    def __init__(self, ask: Ask, context: ssl.SSLContext) -> None:
        self._ask, self._context = ask, context
        super().__init__(str(ask.settings["host"]), int(ask.settings["port"]), timeout=SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        door = connect(self.host, self.port, inside=self._ask.inside, seconds=timeout or SECONDS)
        if self._ask.settings["security"] == "tls":
            return secured(door, host=self.host, context=self._context)
        return door

    def read(self, size: int) -> bytes:
        if size > _LONGEST_LITERAL:
            raise imaplib.IMAP4.abort("a literal without end")
        return super().read(size)


class Folder:
    """An open folder: which mails there are, and what stands in them."""

    def __init__(self, speaking: imaplib.IMAP4, *, validity: int) -> None:
        self._speaking = speaking
        self.validity = validity

    def after(self, uid: int, *, since: date | None) -> list[int]:
        """Numbers of the mails behind one, the oldest first; of those that came since a day."""
        asked = [f"UID {uid + 1}:*"]
        if since:
            asked.append(f"SINCE {since.day:02d}-{_MONTHS[since.month - 1]}-{since.year}")
        _, data = self._speaking.uid("SEARCH", *asked)
        found = {int(one) for part in data if part for one in part.split()}
        # "9:*" holds the last mail also where its number is below nine.
        return sorted(one for one in found if one > uid)

    def mails(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The mails, each up to a megabyte, by their numbers; nothing is marked by it."""
        _, data = self._speaking.uid("FETCH", _set(uids), f"(UID BODY.PEEK[]<0.{OF_A_MAIL}>)")
        return dict(_numbered(data))

    def mark(self, uids: Sequence[int]) -> None:
        """Mark the mails as seen."""
        self._speaking.uid("STORE", _set(uids), "+FLAGS.SILENT", r"(\Seen)")


@contextmanager
def open_folder(ask: Ask) -> Iterator[Folder]:
    """The folder that is set, open for as long as the block lasts; read-only where nothing is marked.

    Raises
    ------
    Trouble
        If nobody answers, the name and word are refused, there is no such folder, or it vanishes.
    """
    speaking = _connected(ask)
    try:
        _sign_in(speaking, user=str(ask.settings["user"]), word=ask.secret)
        yield Folder(speaking, validity=_chosen(speaking, ask))
    except (imaplib.IMAP4.error, OSError) as error:
        raise _vanished(ask) from error
    finally:
        _leave(speaking)


def _connected(ask: Ask) -> imaplib.IMAP4:
    context = _context(str(ask.settings.get("certificate") or ""))
    try:
        speaking = _Speaking(ask, context)
        if ask.settings["security"] == "starttls":
            _secure(speaking, context, host=str(ask.settings["host"]))
    except (imaplib.IMAP4.error, OSError) as error:
        raise _vanished(ask) from error
    return speaking


def _secure(speaking: imaplib.IMAP4, context: ssl.SSLContext, *, host: str) -> None:
    try:
        speaking.starttls(context)
    except ssl.SSLCertVerificationError as error:
        speaking.shutdown()
        message = f"The certificate of '{host}' does not hold: {error.verify_message}."
        raise Trouble("certificate", message, host=host) from error
    except imaplib.IMAP4.error as error:
        speaking.shutdown()
        # Never in the clear: the word of the mailbox would be read on the way.
        raise Trouble("tls", f"'{host}' speaks no TLS there.", host=host) from error


def _context(certificate: str) -> ssl.SSLContext:
    if not certificate:
        return ssl.create_default_context()
    try:
        return ssl.create_default_context(cadata=certificate)
    except (ssl.SSLError, ValueError) as error:
        raise Trouble("own_certificate", "The certificate that is set is none.") from error


def _sign_in(speaking: imaplib.IMAP4, *, user: str, word: str) -> None:
    try:
        if "AUTH=PLAIN" in speaking.capabilities:
            speaking.authenticate("PLAIN", lambda _: f"\0{user}\0{word}".encode())
        else:
            speaking.login(user, word)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, UnicodeEncodeError) as error:
        raise Trouble(
            "sign_in",
            f"The mailbox refuses '{user}' or the password.",
            hint="Some providers want a password for programs, made in their settings.",
            user=user,
        ) from error


def _chosen(speaking: imaplib.IMAP4, ask: Ask) -> int:
    folder = str(ask.settings["folder"])
    answer, _ = speaking.select(_quoted(folder), readonly=not ask.settings.get("mark"))
    if answer != "OK":
        raise Trouble("folder", f"The mailbox has no folder '{folder}'.", folder=folder)
    _, validity = speaking.response("UIDVALIDITY")
    return int(validity[0]) if validity and validity[0] else 0


def _vanished(ask: Ask) -> Trouble:
    host = str(ask.settings["host"])
    return Trouble("vanished", f"The mailbox at '{host}' broke off.", hint="It is tried again.", host=host)


def _leave(speaking: imaplib.IMAP4) -> None:
    try:
        speaking.logout()
    except (imaplib.IMAP4.error, OSError):
        speaking.shutdown()


def _numbered(data: Sequence[Any]) -> Iterator[tuple[int, bytes]]:
    """Number and content of each mail; some servers say the number behind the content."""
    for place, part in enumerate(data):
        if not isinstance(part, tuple):
            continue
        behind = data[place + 1] if place + 1 < len(data) and isinstance(data[place + 1], bytes) else b""
        number = _UID.search(part[0]) or _UID.search(behind)
        if number:
            yield int(number[1]), part[1]


def _set(uids: Sequence[int]) -> str:
    return ",".join(map(str, uids))


def _quoted(folder: str) -> str:
    escaped = modified_utf7(folder).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def modified_utf7(name: str) -> str:
    """The name of a folder as IMAP4rev1 writes it (RFC 3501, 5.1.3)."""
    parts: list[str] = []
    for run in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", name):
        if run.isascii() and run.isprintable():
            parts.append(run.replace("&", "&-"))
        else:
            coded = base64.b64encode(run.encode("utf-16-be")).decode("ascii").rstrip("=").replace("/", ",")
            parts.append(f"&{coded}-")
    return "".join(parts)
