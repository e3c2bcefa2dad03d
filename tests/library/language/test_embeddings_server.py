"""Vectors from an embeddings server: right answers, and every kind of wrong one."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from forvent.errors import BadOption, EncoderUnavailable
from forvent.language import get_encoder
from forvent.language.embeddings_server import KEY, Address, ServerEncoder, unit

SECRET = "-".join(["sk", "do", "not", "tell", "9137"])


def vector_of(text: str) -> list[float]:
    return [float(len(text)), float(sum(map(ord, text)) % 97), 1.0]


def vectors(texts: list[str]) -> list[dict[str, Any]]:
    return [{"index": place, "embedding": vector_of(text)} for place, text in enumerate(texts)]


class Server:
    """Answers as it is told; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        #: Number of the request, texts → status, headers and content.
        self.answer: Callable[[int, list[str]], tuple[int, dict[str, str], bytes]] = self.right
        handler = type("Handler", (_Handler,), {"of": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()

    @staticmethod
    def right(_: int, texts: list[str]) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, json.dumps({"data": vectors(texts)}).encode()

    def says(self, content: str | bytes, status: int = 200, **headers: str) -> None:
        """Right for the first request, which learns the size; then always this."""
        told = content.encode() if isinstance(content, str) else content
        self.answer = lambda n, texts: self.right(n, texts) if n == 0 else (status, headers, told)

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    of: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        number = len(self.of.asked)
        self.of.asked.append({"path": self.path, **body})
        self.of.headers.append(dict(self.headers))
        status, headers, content = self.of.answer(number, body["input"])
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.delenv(KEY, raising=False)
    found = Server()
    yield found
    found.close()


def encoder(server: Server) -> ServerEncoder:
    return ServerEncoder(f"{server.url}#tiny", pause=lambda _: None)


# ------------------------------------------------------------------------------ right answers


def test_vectors_have_length_one_and_stand_in_the_order_of_the_texts(server: Server) -> None:
    texts = ["late", "on time", "včas", "准时"]
    found = encoder(server).encode(texts)
    expected = np.array([vector_of(text) for text in texts])
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert found.dtype == np.float32
    assert found == pytest.approx(expected, abs=1e-5)
    assert server.asked[-1] == {"path": "/v1/embeddings", "model": "tiny", "input": texts}


def test_answers_in_another_order_are_put_right(server: Server) -> None:
    def backwards(_: int, texts: list[str]) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, json.dumps({"data": vectors(texts)[::-1]}).encode()

    straight = encoder(server).encode(["a", "bcd", "ef"])
    server.answer = backwards
    assert np.array_equal(encoder(server).encode(["a", "bcd", "ef"]), straight)


def test_many_texts_go_in_several_requests_and_none_for_none(server: Server) -> None:
    asked = encoder(server)
    texts = [f"text {number}" for number in range(150)]
    together = asked.encode(texts)
    assert [len(one["input"]) for one in server.asked] == [1, 64, 64, 22]
    assert np.array_equal(together, np.concatenate([asked.encode([text]) for text in texts]))
    before = len(server.asked)
    assert asked.encode([]).shape == (0, 3)
    assert len(server.asked) == before


def test_get_encoder_asks_for_each_text_once(server: Server) -> None:
    found = get_encoder(f"openai:{server.url}/#tiny")
    assert (found.name, found.size) == (f"openai:{server.url}#tiny", 3)
    found.encode(["late", "late", "soon"])
    found.encode(["soon", "late"])
    assert [one["input"] for one in server.asked[1:]] == [["late", "soon"]]


def test_texts_that_no_server_could_read_are_mended(server: Server) -> None:
    encoder(server).encode(["a\x00b", "\ud800", "", "x" * 5000])
    assert [len(text) for text in server.asked[-1]["input"]] == [3, 1, 1, 2000]
    assert server.asked[-1]["input"][:3] == ["a b", "?", " "]


def test_the_key_of_the_environment_is_sent(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder(server)
    assert "Authorization" not in server.headers[0]
    monkeypatch.setenv(KEY, f" {SECRET}\n")
    encoder(server)
    assert server.headers[1]["Authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_busy_server_is_asked_again(server: Server, status: int) -> None:
    waited: list[float] = []
    busy = {
        1: (status, {"Retry_After": "7"}, b""),
        2: (status, {"Retry_After": "99999"}, b""),
        3: (status, {}, b""),
    }
    server.answer = lambda n, texts: busy.get(n) or server.right(n, texts)
    asked = ServerEncoder(f"{server.url}#tiny", pause=waited.append)
    assert asked.encode(["late"]).shape == (1, 3)
    assert waited == [7.0, 60.0, 4.0]


# ------------------------------------------------------------------------------ wrong answers

LOOK = "Look at the address and the model; both must be for embeddings."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<html>hello</html>", f"gave no list of vectors. {LOOK}"),
        ("[" * 5000, f"gave no list of vectors. {LOOK}"),
        (b"\xff\xfe\x00", f"gave no list of vectors. {LOOK}"),
        ("[]", f"gave no list of vectors. {LOOK}"),
        ('{"object": "list"}', f"gave no list of vectors. {LOOK}"),
        ('{"data": null}', f"gave no list of vectors. {LOOK}"),
        ('{"data": [{"index": 0}, {"index": 1}]}', f"gave no list of vectors. {LOOK}"),
        (
            json.dumps({"data": [{"index": 1, "embedding": [1, 2, 3]}] * 2}),
            f"gave no list of vectors. {LOOK}",
        ),
        (json.dumps({"data": vectors(["a"])}), f"gave 1 vectors for 2 texts. {LOOK}"),
        (json.dumps({"data": vectors(["a", "b", "c"])}), f"gave 3 vectors for 2 texts. {LOOK}"),
        (
            '{"data": [{"embedding": [1, 2, 3]}, {"embedding": [1, 2]}]}',
            f"gave vectors of unequal size, or of no numbers. {LOOK}",
        ),
        (
            '{"data": [{"embedding": "AAAA"}, {"embedding": "AAAA"}]}',
            f"gave vectors of unequal size, or of no numbers. {LOOK}",
        ),
        (
            '{"data": [{"embedding": []}, {"embedding": []}]}',
            f"gave vectors of unequal size, or of no numbers. {LOOK}",
        ),
        (
            '{"data": [{"embedding": [1, 2]}, {"embedding": [1, 2]}]}',
            "gave vectors of 2 numbers after those of 3. "
            "It seems that the model was changed meanwhile: begin again.",
        ),
    ],
)
def test_a_wrong_answer_is_refused(server: Server, content: str | bytes, message: str) -> None:
    server.says(content)
    with pytest.raises(EncoderUnavailable) as refused:
        encoder(server).encode(["late", "soon"])
    assert str(refused.value) == f"The embeddings server {server.url} {message}"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "0", "1e999"])
def test_a_vector_without_direction_is_refused(server: Server, number: str) -> None:
    server.says(f'{{"data": [{{"embedding": [0, 0, {number}]}}]}}')
    with pytest.raises(EncoderUnavailable, match="a vector without direction"):
        encoder(server).encode(["late"])


def test_very_large_and_very_small_numbers_still_have_a_direction() -> None:
    rows = np.array([[3e300, 4e300], [3e-300, 4e-300]])
    assert unit(rows, of="it") == pytest.approx(np.array([[0.6, 0.8]] * 2))


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        (400, "Look at the name of the model, and whether it is one for embeddings."),
        (401, f"It wants a key: put it into the environment variable {KEY}."),
        (403, f"It does not let this key in: look at the environment variable {KEY}."),
        (404, "Look at the address (often it ends in /v1) and at the name of the model."),
        (413, "The texts are too long for this server."),
        (429, "Wait a while, or ask for a higher limit."),
        (500, "Try again later, or ask who runs it."),
    ],
)
def test_a_refusal_says_what_to_do(server: Server, status: int, hint: str) -> None:
    server.says("no", status=status)
    with pytest.raises(EncoderUnavailable) as refused:
        encoder(server).encode(["late"])
    told = f"The embeddings server {server.url} refused the request with status {status}."
    assert str(refused.value) == f"{told} {hint}"
    assert len(server.asked) == 1 + (6 if status in {429, 500} else 1)


def test_nothing_of_a_refusal_is_told_but_its_short_word(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, SECRET)
    quoting = {"message": f"'my secret voice' refused for {SECRET}", "code": "model_not_found"}
    server.says(json.dumps({"error": quoting}), status=404)
    with pytest.raises(EncoderUnavailable) as refused:
        encoder(server).encode(["my secret voice"])
    assert "status 404 (model_not_found)." in str(refused.value)
    assert SECRET not in str(refused.value)
    assert "voice" not in str(refused.value)
    quoting["code"] = SECRET
    server.says(json.dumps({"error": quoting}), status=404)
    with pytest.raises(EncoderUnavailable, match=r"status 404\. "):
        encoder(server).encode(["my secret voice"])


def test_nobody_is_followed_to_another_address(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, SECRET)
    other = Server()
    try:
        for status in (301, 302, 303, 307, 308):
            server.asked.clear()
            server.says("", status=status, Location=f"{other.url}/embeddings")
            with pytest.raises(EncoderUnavailable, match="sends forvent to another address"):
                encoder(server).encode(["late"])
        assert other.asked == []
    finally:
        other.close()


def test_a_server_that_does_not_run_is_named_at_once() -> None:
    server = Server()
    server.close()
    with pytest.raises(EncoderUnavailable) as refused:
        ServerEncoder(f"{server.url}#tiny", pause=lambda _: pytest.fail("waited"))
    assert str(refused.value) == (
        f"The embeddings server {server.url} cannot be reached: Connection refused. "
        "Look whether it runs and whether the address is right."
    )


@pytest.mark.parametrize("broken", [ConnectionResetError(104, "reset"), TimeoutError("slow")])
def test_an_answer_that_breaks_off_is_asked_for_again(
    server: Server, monkeypatch: pytest.MonkeyPatch, broken: OSError
) -> None:
    waited: list[float] = []
    asked = ServerEncoder(f"{server.url}#tiny", pause=waited.append)
    whole, tries = asked._opener.open, iter([broken, broken])

    def breaks(*given: Any, **named: Any) -> Any:
        for error in tries:
            raise error
        return whole(*given, **named)

    monkeypatch.setattr(asked._opener, "open", breaks)
    assert asked.encode(["late"]).shape == (1, 3)
    assert waited == [1.0, 2.0]


# ------------------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("openai:", "'openai:' names no encoder. Write it as openai:https://HOST/v1#MODEL."),
        (
            "openai:ftp://host/v1#m",
            "'ftp://host/v1#m' is no address of a server. Write it as openai:https://HOST/v1#MODEL.",
        ),
        (
            "openai:https:///v1#m",
            "'https:///v1#m' is no address of a server. Write it as openai:https://HOST/v1#MODEL.",
        ),
        (
            "openai:https://host/v1",
            "'https://host/v1' names no model. Write it as openai:https://HOST/v1#MODEL.",
        ),
        (
            "openai:https://host:99999/v1#m",
            "This is no address of a server. Write it as openai:https://HOST/v1#MODEL.",
        ),
        (
            f"openai:https://me:{SECRET}@host/v1#m",
            "The address of an embeddings server carries a name, a password or a '?'. "
            f"Leave it out; a key belongs into the environment variable {KEY}.",
        ),
        (
            f"openai:https://host/v1?key={SECRET}#m",
            "The address of an embeddings server carries a name, a password or a '?'. "
            f"Leave it out; a key belongs into the environment variable {KEY}.",
        ),
    ],
)
def test_an_address_that_cannot_be_one_is_refused(name: str, message: str) -> None:
    with pytest.raises(BadOption) as refused:
        get_encoder(name)
    assert str(refused.value) == message


def test_a_secret_in_an_address_without_a_model_is_not_told() -> None:
    with pytest.raises(BadOption) as refused:
        get_encoder(f"openai:gopher://me:{SECRET}@host/v1?key={SECRET}")
    assert SECRET not in str(refused.value)


def test_a_key_that_no_header_can_carry_is_refused_untold(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, f"{SECRET}\nX-Other: 1")
    with pytest.raises(BadOption) as refused:
        encoder(server)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://localhost:1/v1", True),
        ("http://127.0.0.1/v1", True),
        ("http://[::1]:8/v1", True),
        ("http://10.0.0.3/v1", False),
        ("https://localhost.example.org/v1", False),
    ],
)
def test_knows_what_stays_on_this_computer(url: str, here: bool) -> None:
    assert Address.of(f"{url}#m").on_this_computer is here
