"""A mailbox, read from a real IMAP server on localhost under TLS."""

# ruff: noqa: E501, SIM117
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sources.imap_server import USER, WORD, Mailbox, free_port, made_certificate, serving

from forvent_server.sources.contract import Ask, Brought, Trouble
from forvent_server.sources.imap import modified_utf7
from forvent_server.sources.mailbox import SLICE, look
from forvent_server.sources.mails import voice_of_mail

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_certificate(tmp_path_factory.mktemp("certificate"))


def mail(text: str = "The parcel came late.", *, key: str = "", html: bool = False, **headers: str) -> bytes:
    made = EmailMessage()
    named = {"From": "Eva <Eva@Example.org>", "Subject": "Late", "Date": "Sun, 01 Mar 2026 11:00:00 +0100"}
    if key:
        named["Message-ID"] = f"<{key}@example.org>"
    for name, value in (named | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        made[name] = value
    made.set_content(text, subtype="html" if html else "plain")
    return made.as_bytes()


def ask(port: int, certificate: Path, *, place: Any = None, secret: str = WORD, **given: str) -> Ask:
    whole = {"host": "localhost", "port": str(port), "user": USER, "certificate": certificate.read_text()}
    return Ask(SLICE.settings(whole | given), now=NOW, secret=secret, place=place or {}, inside=True)


def box_of(n: int) -> Mailbox:
    box = Mailbox()
    for number in range(1, n + 1):
        box.add(mail(f"Mail number {number}.", key=f"m{number}"), came=NOW - timedelta(days=1))
    return box


def brought(asked: Ask) -> list[Brought]:
    return list(look(asked))


def test_new_mails_become_voices_and_nothing_is_marked(certificate: Path) -> None:
    box = box_of(2)
    with serving(box, certificate) as port:
        found = brought(ask(port, certificate))
    (one,) = found
    first = one.voices[0]
    assert (first.text, first.voice_id, first.channel) == ("Late\nMail number 1.", "m1@example.org", "email")
    assert (first.customer, first.time) == ("eva@example.org", datetime(2026, 3, 1, 10, 0))
    assert one.place == {"validity": 7, "uid": 2}
    assert all(not kept.flags for kept in box.folders["INBOX"])
    assert any(command.startswith("EXAMINE") for command in box.commands)


def test_mails_are_marked_as_seen_where_that_is_set(certificate: Path) -> None:
    box = box_of(25)
    with serving(box, certificate) as port:
        looked = look(ask(port, certificate, mark="on"))
        next(looked)
        # Not before what was read is stored: that is when the next part is asked for.
        assert not box.folders["INBOX"][0].flags
        list(looked)
    assert all(kept.flags == {"\\Seen"} for kept in box.folders["INBOX"])


def test_only_what_came_since_is_read(certificate: Path) -> None:
    box = box_of(2)
    with serving(box, certificate) as port:
        place = brought(ask(port, certificate))[-1].place
        assert brought(ask(port, certificate, place=place)) == []
        box.add(mail("And another.", key="m3"))
        (one,) = brought(ask(port, certificate, place=place))
    assert [voice.voice_id for voice in one.voices] == ["m3@example.org"]


def test_a_mailbox_that_vanishes_keeps_what_came(certificate: Path) -> None:
    box = box_of(45)
    box.vanishes_after = 1
    came: list[Brought] = []
    with serving(box, certificate) as port:
        with pytest.raises(
            Trouble, match=r"^The mailbox at 'localhost' broke off\. It is tried again\.$"
        ) as told:
            came.extend(iter(look(ask(port, certificate))))
        assert told.value.kind == "vanished"
        assert (len(came), len(came[0].voices), came[0].place["uid"]) == (1, 20, 20)
        box.vanishes_after = None
        rest = brought(ask(port, certificate, place=came[0].place))
    assert [len(one.voices) for one in rest] == [20, 5]


def test_a_mailbox_that_numbers_anew_is_read_again(certificate: Path) -> None:
    box = box_of(2)
    with serving(box, certificate) as port:
        place = brought(ask(port, certificate))[-1].place
        box.validity = 8
        (again,) = brought(ask(port, certificate, place=place))
    assert again.place == {"validity": 8, "uid": 2}
    assert [voice.voice_id for voice in again.voices] == ["m1@example.org", "m2@example.org"]


def test_the_first_look_goes_back_so_many_days_only(certificate: Path) -> None:
    box = Mailbox()
    box.add(mail("Long ago.", key="old"), came=NOW - timedelta(days=40))
    box.add(mail("Lately.", key="new"), came=NOW - timedelta(days=2))
    with serving(box, certificate) as port:
        (one,) = brought(ask(port, certificate, days="30"))
    assert [voice.voice_id for voice in one.voices] == ["new@example.org"]


def test_an_empty_mailbox_has_a_place_too(certificate: Path) -> None:
    with serving(Mailbox(), certificate) as port:
        assert brought(ask(port, certificate)) == [Brought((), {"validity": 7, "uid": 0})]


def test_starttls_is_spoken_before_the_word_is_said(certificate: Path) -> None:
    box = box_of(1)
    with serving(box, certificate, under_tls=False) as port:
        (one,) = brought(ask(port, certificate, security="starttls"))
    assert len(one.voices) == 1
    assert box.commands.index("STARTTLS") < next(n for n, c in enumerate(box.commands) if "AUTH" in c)


def test_the_word_is_never_said_in_the_clear(certificate: Path) -> None:
    box = Mailbox(no_tls=True)
    with serving(box, certificate, under_tls=False) as port:
        with pytest.raises(Trouble, match="speaks no TLS"):
            brought(ask(port, certificate, security="starttls"))
    assert not any(command.startswith(("LOGIN", "AUTHENTICATE")) for command in box.commands)


def test_a_certificate_that_does_not_hold_is_told(certificate: Path) -> None:
    with serving(box_of(1), certificate) as port:
        asked = ask(port, certificate)
        with pytest.raises(Trouble) as told:
            brought(replace(asked, settings={**asked.settings, "certificate": ""}))
    assert told.value.kind == "certificate"


def test_a_wrong_word_is_told_without_the_word(certificate: Path) -> None:
    for plain in (True, False):
        with serving(Mailbox(plain_sign_in=plain), certificate) as port:
            with pytest.raises(Trouble) as told:
                brought(ask(port, certificate, secret="not this one"))
        assert told.value.kind == "sign_in"
        assert "not this one" not in str(told.value)


def test_login_is_spoken_where_the_server_knows_no_other(certificate: Path) -> None:
    box = box_of(1)
    box.plain_sign_in = False
    with serving(box, certificate, word='a "quoted\\ word') as port:
        (one,) = brought(ask(port, certificate, secret='a "quoted\\ word'))
    assert len(one.voices) == 1


def test_a_folder_that_is_not_there_is_told(certificate: Path) -> None:
    with serving(Mailbox(), certificate) as port:
        with pytest.raises(Trouble, match="The mailbox has no folder 'Nowhere'"):
            brought(ask(port, certificate, folder="Nowhere"))


def test_folders_are_named_as_the_standard_writes_them(certificate: Path) -> None:
    assert modified_utf7("~peter/mail/台北/日本語") == "~peter/mail/&U,BTFw-/&ZeVnLIqe-"
    assert modified_utf7("A & B") == "A &- B"
    box = Mailbox()
    box.add(mail(key="a"), folder="St&AO0Bfg-nosti", came=NOW)
    with serving(box, certificate) as port:
        (one,) = brought(ask(port, certificate, folder="Stížnosti"))
    assert len(one.voices) == 1


def test_a_server_that_says_the_number_behind_is_understood(certificate: Path) -> None:
    box = box_of(3)
    box.uid_behind = True
    with serving(box, certificate) as port:
        (one,) = brought(ask(port, certificate))
    assert len(one.voices) == 3


def test_a_length_without_end_is_not_believed(certificate: Path) -> None:
    box = box_of(1)
    box.lies_of_length = True
    with serving(box, certificate) as port:
        with pytest.raises(Trouble, match="broke off"):
            brought(ask(port, certificate))


def test_nobody_at_the_door_is_told(certificate: Path) -> None:
    with pytest.raises(Trouble, match="Nobody answers at 'localhost'"):
        brought(ask(free_port(), certificate))


def test_ones_own_network_is_not_reached_unasked(certificate: Path) -> None:
    asked = ask(993, certificate)
    with pytest.raises(Trouble) as told:
        brought(Ask(asked.settings, now=NOW, secret=WORD, inside=False))
    assert told.value.kind == "inside"


def read(raw: bytes, **given: Any) -> Any:
    return voice_of_mail(raw, **({"key": "7:1", "row": 1, "now": NOW, "own": (), "touchpoint": ""} | given))


def test_of_a_mail_only_the_own_words_are_kept() -> None:
    text = "It is still not here!\n\nOn 1 Mar 2026 Linden <shop@linden.example> wrote:\n> We sent it on Monday.\n"
    assert read(mail(text, Subject="Re: Your parcel")).text == "It is still not here!"


def test_a_mail_of_html_is_read_as_it_is_shown() -> None:
    html = "<html><style>p {color: red}</style><p>It was <b>broken</b>.</p><script>x</script></html>"
    assert read(mail(html, html=True)).text == "Late\nIt was broken."


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"From": "shop@linden.example"},
        {"From": "Ada <ada@linden.example>"},
    ],
)
def test_what_no_customer_wrote_is_no_voice(headers: dict[str, str]) -> None:
    assert read(mail(**headers), own=("linden.example",)) is None


def test_a_mail_without_an_id_is_known_by_its_number() -> None:
    assert read(mail()).voice_id == "7:1"


def test_a_date_that_lies_ahead_is_no_date() -> None:
    assert read(mail(Date="Mon, 02 Mar 2099 11:00:00 +0000")).time is None
    assert read(mail(Date="yesterday")).time is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"From: \r\nSubject: =?x-unknown?b?////?=\r\n\r\n",
        b"Content-Type: text/plain; charset=nowhere-8\r\nSubject: A\r\n\r\n\xe9t\xe9",
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n" * 200,
        b"Date: Sun, 99 Foo 99999 99:99:99 +9999\r\nFrom: <<<@@>\r\nMessage-ID: [[\r\n\r\nwords",
    ],
)
def test_a_mail_that_is_none_stops_nothing(raw: bytes) -> None:
    read(raw)
