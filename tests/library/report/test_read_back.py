"""Findings are read back as they were written, and those of an earlier meaning are refused."""

from __future__ import annotations

import json

import pytest

from forvent.errors import UnreadableFile
from forvent.report.findings_json import findings_json
from forvent.report.read_back import check_findings, findings_from


def test_findings_come_back_as_they_were_written(findings):
    document = json.loads(findings_json(findings))
    assert json.loads(findings_json(findings_from(document))) == document


def test_findings_of_the_version_before_that_mean_the_same_are_read(findings):
    document = json.loads(findings_json(findings))
    assert document["gaps"]
    before = document | {"schema": "forvent/findings/1"}
    assert json.loads(findings_json(findings_from(before))) == document


def test_findings_whose_importance_meant_something_else_are_refused():
    document = {"schema": "forvent/findings/1", "gaps": [{"expectation": "on_time", "importance": {}}]}
    with pytest.raises(UnreadableFile) as caught:
        check_findings(document, file="old.json")
    assert str(caught.value) == (
        "'old.json' was written by an earlier version, in which the importance of a gap meant "
        "something else. Make it anew with forvent report --out FOLDER."
    )


@pytest.mark.parametrize("document", [None, [], {}, {"schema": "forvent/findings/3"}])
def test_what_is_no_findings_is_refused(document):
    with pytest.raises(UnreadableFile, match=r"is no file of forvent/findings/2: its schema is"):
        check_findings(document, file="other.json")
