"""Style and script of the pages, under addresses that change with their content: browsers keep them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from importlib import resources
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse

_HERE = Path(__file__).parent / "assets"


@dataclass(frozen=True)
class Asset:
    """Files sent as one."""

    name: str
    kind: str
    files: tuple[Path, ...]

    @cached_property
    def content(self) -> bytes:
        """All files, one after the other."""
        return b"\n".join(file.read_bytes() for file in self.files)

    @cached_property
    def address(self) -> str:
        """Where it is found; another content has another address."""
        digest = blake2b(self.content, digest_size=6).hexdigest()
        return f"/assets/{digest}/{self.name}"


_REPORT = Path(str(resources.files("forvent.report").joinpath("templates/style.css")))
STYLE = Asset("style.css", "text/css; charset=utf-8", (_REPORT, _HERE / "workspace.css"))
SCRIPT = Asset("script.js", "text/javascript; charset=utf-8", (_HERE / "htmx.min.js", _HERE / "workspace.js"))
ASSETS = {asset.address: asset for asset in (STYLE, SCRIPT)}


def asset(_: HttpRequest, digest: str, name: str) -> HttpResponse:
    """One asset; of an address of yesterday's content there is nothing."""
    found = ASSETS.get(f"/assets/{digest}/{name}")
    if found is None:
        raise Http404
    return HttpResponse(
        found.content,
        content_type=found.kind,
        headers={"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"},
    )
