"""The load: programs that send voices, a person who uploads files, and a receiver that is told of things."""

from __future__ import annotations

import json
import random
import re
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.client import HTTPException, HTTPMessage
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, Any
from urllib.response import addinfourl

from benchmarks.killing.ledger import Ledger, ids

BATCH, ROWS = 20, 300
#: Longest pauses of a sender and of who uploads, in seconds: more would pile up behind the kills.
PAUSE, UPLOAD_PAUSE = 0.2, 8.0
#: Seconds that an answer may take, and until what was not answered is sent again.
ANSWER, AGAIN = 30, 0.1
#: Share of the messages that the receiver refuses the first time.
REFUSED = 0.1
EMAIL, PASSWORD = "ada@example.org", "a long enough word 7"
TEXTS = (
    "My order arrived two days after the promised date.",
    "Delivered on the promised day. Thank you.",
    "The box was broken when it arrived.",
    "Nobody answers my e-mails.",
)


class Load(threading.Thread):
    """Does something again and again until it is stopped; what was begun is brought to its end."""

    def __init__(self, *, ledger: Ledger, stop: threading.Event, go: threading.Event) -> None:
        super().__init__(daemon=True)
        self.ledger, self.again = ledger, 0
        self._stop_asked, self._go = stop, go

    def run(self) -> None:
        """Once more, until stopped; while there is too much to understand, nothing new is begun."""
        while not self._stop_asked.is_set():
            if self._go.wait(AGAIN):
                self.once_more()

    def once_more(self) -> None:
        """One thing that the load does."""
        raise NotImplementedError

    def until(self, done: Callable[[], bool]) -> None:
        """Try until it is done, as programs are told to."""
        while not done():
            self.again += 1
            time.sleep(AGAIN)

    def pause(self, seconds: float) -> None:
        """For a moment, or until stopped."""
        self._stop_asked.wait(seconds)


class Sender(Load):
    """Sends batches of voices by the API, each until it is accepted."""

    def __init__(self, name: str, *, port: int, secret: str, marked: bool, **given: Any) -> None:
        super().__init__(**given)
        self.name, self._marked, self._number = name, marked, 0
        self._address, self._secret = f"http://127.0.0.1:{port}/api/v1/voices", secret
        self._rng = random.Random(name)  # noqa: S311

    def once_more(self) -> None:
        """One batch; some programs mark their requests, so that each is done once."""
        first, self._number = self._number, self._number + BATCH
        voices = [{"id": one, "text": text_of(one)} for one in ids(self.name, first=first, n=BATCH)]
        headers = {"Authorization": f"Bearer {self._secret}", "Content-Type": "application/json"}
        if self._marked:
            headers["Idempotency-Key"] = f"{self.name}-{first}"
        body = json.dumps({"voices": voices}).encode()
        self.until(lambda: self._accepted(body, headers))
        self.ledger.write("voices", self.name, first, BATCH)
        self.pause(self._rng.uniform(0, PAUSE))

    def _accepted(self, body: bytes, headers: dict[str, str]) -> bool:
        request = urllib.request.Request(self._address, data=body, headers=headers)  # noqa: S310
        answer = answered(lambda: urllib.request.urlopen(request, timeout=ANSWER))  # noqa: S310
        return answer is not None and bool(answer.status == 200)


class Uploader(Load):
    """A person who uploads a file in the browser, and has it read."""

    def __init__(self, name: str, *, port: int, rows: int = ROWS, **given: Any) -> None:
        super().__init__(**given)
        self.name, self._rows, self._number = name, rows, 0
        self._base, self._token = f"http://127.0.0.1:{port}", ""
        self._browser = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()), StayingHere()
        )
        self._rng = random.Random(name)  # noqa: S311

    def once_more(self) -> None:
        """One file: received, then read; what is not answered well is done again."""
        name, self._number = f"{self.name}{self._number}", self._number + 1
        if not self._token:
            self.until(self._signed_in)
        lines = [f"{one},{text_of(one)}" for one in ids(name, first=0, n=self._rows)]
        content = "\n".join(["id,comment", *lines]).encode()
        led: list[str] = []
        self.until(lambda: self._led_to("/imports/upload/", f"{name}.csv", content, led))
        self.until(lambda: self._led_to(led[0], "", b"", led))
        number = re.fullmatch(r"/imports/(\d+)/", led[0])
        if number is None:
            raise SystemExit(f"An upload led to {led[0]}.")
        self.ledger.write("file", number[1], name, self._rows)
        self.pause(self._rng.uniform(0, UPLOAD_PAUSE))

    def _signed_in(self) -> bool:
        page = answered(lambda: self._browser.open(f"{self._base}/sign-in/", timeout=ANSWER).read().decode())
        if page is None:
            return False
        self._token = _token_of(page)
        form = {"email": EMAIL, "password": PASSWORD, "csrfmiddlewaretoken": self._token, "next": "/imports/"}
        body = urllib.parse.urlencode(form).encode()
        led = answered(
            lambda: self._browser.open(f"{self._base}/sign-in/", data=body, timeout=ANSWER).headers
        )
        if led is None or led.get("Location") != "/imports/":
            return False
        page = answered(lambda: self._browser.open(f"{self._base}/imports/", timeout=ANSWER).read().decode())
        self._token = _token_of(page) if page else ""
        return bool(self._token)

    def _led_to(self, path: str, file: str, content: bytes, led: list[str]) -> bool:
        """Whether the form was accepted; where it led to is put into ``led``."""
        body = _form({"csrfmiddlewaretoken": self._token, "holds": "voices"}, file=file, content=content)
        headers = {"Content-Type": "multipart/form-data; boundary=part"}
        request = urllib.request.Request(self._base + path, data=body, headers=headers)  # noqa: S310
        answer = answered(lambda: self._browser.open(request, timeout=ANSWER))
        if answer is None or answer.status != 302:
            return False
        led[:] = [answer.headers["Location"]]
        return True


class StayingHere(urllib.request.HTTPRedirectHandler):
    """Shows where an answer leads instead of going there."""

    def http_error_302(self, req: Any, fp: IO[bytes], code: int, _: str, headers: HTTPMessage) -> addinfourl:
        """The answer itself."""
        return addinfourl(fp, headers, req.full_url, code)


class Receiver(ThreadingHTTPServer):
    """Keeps the id of each message before it answers; the first time it refuses some."""

    daemon_threads = True

    def __init__(self, *, ledger: Ledger) -> None:
        super().__init__(("127.0.0.1", 0), Arrival)
        self.ledger, self.refused, self.rng = ledger, set[str](), random.Random(1)  # noqa: S311

    @property
    def address(self) -> str:
        """Where it is told."""
        return f"http://127.0.0.1:{self.server_port}/told"


class Arrival(BaseHTTPRequestHandler):
    """One message."""

    server: Receiver
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Keep its id and answer well, or refuse it."""
        message = self.headers.get("webhook-id", "")
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        refused = message not in self.server.refused and self.server.rng.random() < REFUSED
        if refused:
            self.server.refused.add(message)
        else:
            self.server.ledger.write("arrived", message)
        self.send_response(503 if refused else 204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def text_of(voice_id: str) -> str:
    """The words of a voice, which nobody else says."""
    return f"{TEXTS[int(voice_id.rpartition('-')[2]) % len(TEXTS)]} ({voice_id})"


def answered(ask: Callable[[], Any]) -> Any:
    """What was answered; None where nobody answered, or with trouble that passes."""
    try:
        return ask()
    except urllib.error.HTTPError as refused:
        if refused.code < 500:
            sys.stderr.write(f"refused: {refused.code} {refused.read()[:300]!r}\n")
        return None
    except (OSError, HTTPException):
        return None


def _token_of(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    return found[1] if found else ""


def _form(fields: dict[str, str], *, file: str, content: bytes) -> bytes:
    parts = [
        f'--part\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if file:
        head = f'--part\r\nContent-Disposition: form-data; name="file"; filename="{file}"\r\n'
        parts.append(f"{head}Content-Type: text/csv\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + b"--part--\r\n"
