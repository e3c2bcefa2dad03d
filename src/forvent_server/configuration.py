"""What can be set from outside: one tuple of settings, each an environment variable."""

from __future__ import annotations

import difflib
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from forvent.errors import BadOption

PREFIX = "FORVENT_"
#: What the library reads by itself: the key of an encoder elsewhere.
OF_THE_LIBRARY = frozenset(("FORVENT_EMBEDDINGS_KEY",))
#: The file of the keys in the folder, the letters that a key has at least there, and what marks the one by
#: which what was erased is known: it outlives the others.
KEY_FILE, LEAST_KEY, ERASED_BY = "secret-key", 50, "erased:"
#: A setting of this ending names a file that holds the value: for secrets.
FROM_FILE = "_FILE"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: how its text is read, what holds where it is not set, and what it means."""

    name: str
    parse: Callable[[str], Any]
    default: str
    meaning: str


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _switch(text: str) -> bool:
    known = {"1": True, "yes": True, "true": True, "on": True, "0": False, "no": False, "false": False}
    known |= {"off": False, "": False}
    if text.lower() not in known:
        raise ValueError("is neither yes nor no")
    return known[text.lower()]


def _whole(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("is not above 0")
    return number


SETTINGS = (
    Setting("FORVENT_DATA", Path, "forvent-data", "folder of the embedded database, the secret and uploads"),
    Setting(
        "FORVENT_DATABASE_URL",
        str,
        "",
        "postgresql://user:password@host:port/name; else SQLite in the folder",
    ),
    Setting(
        "FORVENT_SECRET_KEY",
        str,
        "",
        "signs sessions and links and seals secrets; made on the first run if not set",
    ),
    Setting("FORVENT_HOSTS", _list, "localhost,127.0.0.1,[::1]", "names under which the workspace answers"),
    Setting("FORVENT_HTTPS", _switch, "no", "whether it is reached by https, by a proxy in front of it"),
    Setting("FORVENT_ENCODER", str, "auto", "tier that understands new voices: exact, fast or auto"),
    Setting(
        "FORVENT_LANGUAGE", str, "en", "language of pages for who has chosen none and whose browser asks none"
    ),
    Setting("FORVENT_TIME_ZONE", str, "UTC", "time zone of the business"),
    Setting("FORVENT_UPLOAD_MB", _whole, "1024", "largest file that can be uploaded, in MiB"),
    Setting("FORVENT_API_PER_MINUTE", _whole, "6000", "how often a minute one API key may ask"),
    Setting(
        "FORVENT_WEBHOOKS_INSIDE", _switch, "no", "whether webhooks may go to addresses of your own network"
    ),
    Setting(
        "FORVENT_SOURCES_INSIDE", _switch, "no", "whether sources may reach addresses of one's own network"
    ),
    Setting("FORVENT_DEBUG", _switch, "no", "pages of errors with details; only while developing"),
)


def read_settings(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """All settings by name, from the environment.

    Raises
    ------
    BadOption
        If a variable ``FORVENT_…`` is unknown or its value cannot be read.
    """
    given = os.environ if environment is None else environment
    known = {setting.name for setting in SETTINGS} | OF_THE_LIBRARY
    for name in sorted(given):
        if name.startswith(PREFIX) and name not in known and name.removesuffix(FROM_FILE) not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else "docs/howto/settings.md lists them."
            raise BadOption(f"There is no setting {name}.", hint=hint)
    return {setting.name: _value(setting, given) for setting in SETTINGS}


def _value(setting: Setting, given: Mapping[str, str]) -> Any:
    text = given.get(setting.name)
    file = given.get(setting.name + FROM_FILE)
    if text is None and file is not None:
        try:
            text = Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadOption(
                f"{setting.name}{FROM_FILE} names '{file}', which cannot be read: {error.strerror}.",
                hint="Give a file that the workspace may read.",
            ) from error
    try:
        return setting.parse(setting.default if text is None else text)
    except ValueError as error:
        raise BadOption(f"{setting.name}={text} {error}.", hint=f"It is the {setting.meaning}.") from error


def database(url: str, *, folder: Path) -> dict[str, Any]:
    """Django's description of the database that a URL names; SQLite in the folder without one.

    Raises
    ------
    BadOption
        If the URL names no PostgreSQL database.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(folder / "forvent.sqlite3"),
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                # Writers wait for each other from their first word on, so that none fails half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # Full: what was answered has been written through, and no power cut takes it back.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;",
            },
        }
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgresql", "postgres") or not name:
        raise BadOption(
            f"FORVENT_DATABASE_URL names no PostgreSQL database ({parts.scheme}://…).",
            hint="Write it as postgresql://user:password@host:port/name.",
        )
    return _postgres(parts, name)


def _postgres(parts: SplitResult, name: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


@dataclass(frozen=True, slots=True)
class SecretKeys:
    """The key that signs and seals, older ones that still open, and by which what was erased is known."""

    now: str
    before: tuple[str, ...] = ()
    erased: str = ""

    def written(self) -> str:
        """As the setting and the file hold them: a line each."""
        marked = (ERASED_BY + self.erased,) if self.erased else ()
        return "\n".join((self.now, *self.before, *marked)) + "\n"


def secret_keys(given: str, *, folder: Path) -> SecretKeys:
    """The keys that are set, or those of the folder; there one is made on the first run.

    Two processes that start at once end with the same key: the file is made by one of them only.

    Raises
    ------
    BadOption
        If a key is too short, or there is none.
    """
    if given:
        return keys_in(given, where="FORVENT_SECRET_KEY", least=1)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / KEY_FILE
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _kept_keys(file)
    with os.fdopen(descriptor, "w", encoding="ascii") as open_file:
        open_file.write(secrets.token_urlsafe(50) + "\n")
    return _kept_keys(file)


def _kept_keys(file: Path) -> SecretKeys:
    return keys_in(file.read_text(encoding="ascii"), where=f"'{file}'")


def keys_in(text: str, *, where: str, least: int = LEAST_KEY) -> SecretKeys:
    """The keys as they are written.

    Raises
    ------
    BadOption
        If one is too short, or there is none.
    """
    parts = text.split()
    keys = [part for part in parts if not part.startswith(ERASED_BY)]
    if not keys or min(map(len, keys)) < least:
        raise BadOption(
            f"The secret key in {where} is too short.",
            hint="Put the key back from a backup; with another one, secrets of sources are entered anew.",
        )
    erased = [part.removeprefix(ERASED_BY) for part in parts if part.startswith(ERASED_BY)]
    return SecretKeys(keys[0], tuple(keys[1:]), erased[0] if erased else "")
