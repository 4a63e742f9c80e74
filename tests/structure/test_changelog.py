"""The changelog: versions with their days, newest first, in the parts that readers know."""

import re

from kb.config import version
from tests.structure.source import ROOT, text_of

TEXT = text_of(ROOT / "CHANGELOG.md")
PARTS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Changed contracts"]
RELEASE = re.compile(r"## (\d+\.\d+\.\d+) – (\d{4}-\d\d-\d\d)")


def test_versions_have_days_and_the_newest_is_ours():
    heads = [line for line in TEXT.splitlines() if line.startswith("## ")]
    releases = [RELEASE.fullmatch(line) for line in heads if line != "## Unreleased"]

    assert all(releases), heads
    assert releases[0].group(1) == version()
    assert [found.group(2) for found in releases] == sorted(
        (found.group(2) for found in releases), reverse=True
    )


def test_every_change_stands_in_one_part_once():
    for release in TEXT.split("\n## ")[1:]:
        parts = re.findall(r"^### (.+)$", release, re.MULTILINE)
        assert parts == [part for part in PARTS if part in parts], release[:40]
        assert not re.search(r"^- ", release.split("\n### ")[0], re.MULTILINE)
    changes = re.findall(r"^- .+$", TEXT, re.MULTILINE)
    assert len(changes) == len(set(changes))
