"""A small but real IMAP4rev1 server under TLS on localhost: what RFC 3501 says of the commands it speaks."""

# ruff: noqa: SIM102
from __future__ import annotations

import base64
import re
import socket
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

USER, WORD = "voices@linden.example", 'pä ss"word\\1'
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass
class Mail:
    uid: int
    raw: bytes
    came: datetime
    flags: set[str] = field(default_factory=set)


@dataclass
class Mailbox:
    """Folders, and how the server behaves."""

    folders: dict[str, list[Mail]] = field(default_factory=lambda: {"INBOX": []})
    validity: int = 7
    plain_sign_in: bool = True
    #: Breaks off after so many answers to FETCH; None is never.
    vanishes_after: int | None = None
    uid_behind: bool = False
    lies_of_length: bool = False
    no_tls: bool = False
    commands: list[str] = field(default_factory=list)
    fetched: int = 0

    def add(self, raw: bytes, *, folder: str = "INBOX", came: datetime | None = None) -> Mail:
        mails = self.folders.setdefault(folder, [])
        mail = Mail(max((one.uid for one in mails), default=0) + 1, raw, came or datetime.now(UTC))
        mails.append(mail)
        return mail


class Speaking(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self.box = self.server.box
        self.folder: list[Mail] = []
        self.signed_in = self.read_only = False
        self.secured = self.server.under_tls
        try:
            if self.server.under_tls:
                self._secure()
            self._say("* OK IMAP4rev1 ready")
            while line := self.rfile.readline(65536):
                if not self._answer(line.decode("utf-8").rstrip("\r\n")):
                    return
        except (OSError, ValueError):
            return
        finally:
            self._close()

    def _close(self) -> None:
        for part in (self.wfile, self.rfile, self.request):
            try:
                part.close()
            except OSError:
                continue

    def _secure(self) -> None:
        plain, old = self.request, (self.wfile, self.rfile)
        self.request = self.server.context.wrap_socket(plain, server_side=True)
        for part in (*old, plain):
            part.close()
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb")

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")
        self.wfile.flush()

    def _answer(self, line: str) -> bool:
        tag, _, rest = line.partition(" ")
        command, _, given = rest.partition(" ")
        if command.upper() == "UID":
            command, _, given = given.partition(" ")
        command = command.upper()
        self.box.commands.append(f"{command} {given}".strip() if "LOGIN" not in command else command)
        known = getattr(self, f"_{command.lower()}", None)
        if known is None:
            self._say(f"{tag} BAD unknown")
            return True
        if command not in ("CAPABILITY", "NOOP", "LOGOUT", "LOGIN", "AUTHENTICATE", "STARTTLS"):
            if not self.signed_in:
                self._say(f"{tag} NO sign in first")
                return True
        result = known(tag, given)
        if result:
            self._say(f"{tag} {result}")
        return command != "LOGOUT"

    def _capability(self, tag: str, given: str) -> str:
        more = " AUTH=PLAIN" if self.box.plain_sign_in else ""
        more += "" if self.secured or self.box.no_tls else " STARTTLS"
        self._say(f"* CAPABILITY IMAP4rev1{more}")
        return "OK done"

    def _noop(self, tag: str, given: str) -> str:
        return "OK done"

    def _starttls(self, tag: str, given: str) -> str:
        if self.box.no_tls:
            return "BAD no"
        self._say(f"{tag} OK begin")
        self._secure()
        self.secured = True
        return ""

    def _authenticate(self, tag: str, given: str) -> str:
        self._say("+ ")
        said = base64.b64decode(self.rfile.readline(65536)).decode()
        return self._let_in(*said.split("\0")[1:])

    def _login(self, tag: str, given: str) -> str:
        user, word = re.fullmatch(r'("?[^"]+"?) "((?:[^"\\]|\\.)*)"', given).groups()  # type: ignore[union-attr]
        return self._let_in(user.strip('"'), re.sub(r"\\(.)", r"\1", word))

    def _let_in(self, user: str, word: str) -> str:
        self.signed_in = (user, word) == (USER, self.server.word)
        return "OK in" if self.signed_in else "NO [AUTHENTICATIONFAILED] no"

    def _select(self, tag: str, given: str) -> str:
        found = self.box.folders.get(given.strip('"'))
        if found is None:
            return "NO no such folder"
        self.folder = found
        self._say("* FLAGS (\\Seen)")
        self._say(f"* {len(found)} EXISTS")
        self._say(f"* OK [UIDVALIDITY {self.box.validity}] fine")
        self.read_only = False
        return "OK [READ-WRITE] open"

    def _examine(self, tag: str, given: str) -> str:
        answer = self._select(tag, given)
        self.read_only = True
        return answer.replace("READ-WRITE", "READ-ONLY")

    def _search(self, tag: str, given: str) -> str:
        low = int(re.search(r"UID (\d+):\*", given).group(1))  # type: ignore[union-attr]
        found = [mail for mail in self.folder if mail.uid >= low] or self.folder[-1:]
        if since := re.search(r"SINCE (\d\d)-(\w{3})-(\d{4})", given):
            day = datetime(int(since[3]), MONTHS.index(since[2]) + 1, int(since[1]), tzinfo=UTC)
            found = [mail for mail in found if mail.came >= day]
        self._say("* SEARCH " + " ".join(str(mail.uid) for mail in found))
        return "OK done"

    def _fetch(self, tag: str, given: str) -> str:
        uids, _, wanted = given.partition(" ")
        limit = int(re.search(r"BODY\.PEEK\[\]<0\.(\d+)>", wanted).group(1))  # type: ignore[union-attr]
        self.box.fetched += 1
        for number, mail in enumerate(self.folder, 1):
            if str(mail.uid) not in uids.split(","):
                continue
            raw = mail.raw[:limit]
            if self.box.vanishes_after is not None and self.box.fetched > self.box.vanishes_after:
                self.wfile.write(f"* {number} FETCH (UID {mail.uid} BODY[]<0> {{{len(raw)}}}\r\n".encode())
                self.wfile.write(raw[: len(raw) // 2])
                self.wfile.flush()
                self.request.close()
                raise OSError
            length = 10**12 if self.box.lies_of_length else len(raw)
            before, behind = ("", f" UID {mail.uid}") if self.box.uid_behind else (f"UID {mail.uid} ", "")
            self.wfile.write(f"* {number} FETCH ({before}BODY[]<0> {{{length}}}\r\n".encode())
            self.wfile.write(raw + f"{behind})\r\n".encode())
        self.wfile.flush()
        return "OK done"

    def _store(self, tag: str, given: str) -> str:
        if self.read_only:
            return "NO read-only"
        uids = given.split(" ")[0].split(",")
        for mail in self.folder:
            if str(mail.uid) in uids:
                mail.flags.add("\\Seen")
        return "OK done"

    def _logout(self, tag: str, given: str) -> str:
        self._say("* BYE")
        return "OK bye"


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    box: Mailbox
    context: ssl.SSLContext
    under_tls: bool
    word: str

    def shutdown_request(self, request: Any) -> None:
        """The one that speaks closes it: TLS took it over."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes is no error here."""


@contextmanager
def serving(box: Mailbox, certificate: Path, *, under_tls: bool = True, word: str = WORD) -> Iterator[int]:
    """The port on which the mailbox is served."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    with Server(("127.0.0.1", 0), Speaking) as server:
        server.box, server.context, server.under_tls, server.word = box, context, under_tls, word
        running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        running.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            running.join()


def made_certificate(folder: Path) -> Path:
    """A certificate of localhost that signs itself, and its key beside it."""
    path = folder / "localhost.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    command += ["-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command += ["-keyout", str(path.with_suffix(".key")), "-out", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return path


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
