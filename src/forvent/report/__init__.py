"""Findings and backtests to terminal, page and JSON."""

from forvent.report.backtest_json import backtest_json
from forvent.report.backtest_page import backtest_page
from forvent.report.backtest_summary import backtest_summary
from forvent.report.findings_json import findings_json
from forvent.report.page import page
from forvent.report.summary import summary
from forvent.report.wording import Names

__all__ = [
    "Names",
    "backtest_json",
    "backtest_page",
    "backtest_summary",
    "findings_json",
    "page",
    "summary",
]
