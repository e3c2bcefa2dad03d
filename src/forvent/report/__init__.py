"""Findings to terminal, page and JSON."""

from forvent.report.findings_json import findings_json
from forvent.report.page import page
from forvent.report.summary import summary
from forvent.report.wording import Names

__all__ = ["Names", "findings_json", "page", "summary"]
