"""Files with texts: what can be read, and what is said of a file that cannot."""

import pytest

from kb.errors import Invalid
from kb.library.intake.records import read_records

UNREADABLE = {
    "no head": ("a.md", "# Rubrik", "saknar inledande uppgifter"),
    "a head without an end": ("a.md", "---\ntitle: A\n\nText", "saknar inledande uppgifter"),
    "nothing": ("a.md", "", "saknar inledande uppgifter"),
    "no YAML": ("a.yaml", "title: [", ""),
    "no JSON": ("a.jsonl", "{", "inte giltig JSON"),
    "a name twice": ("a.jsonl", '{"title": "A", "title": "B"}', "står två gånger"),
    "UTF-16": ("a.md", "---\ntitle: Å\n---\n".encode("utf-16"), "UTF-16"),
    "Latin-1": ("a.md", "---\ntitle: Å\n---\n".encode("latin-1"), "Windows-1252"),
}


@pytest.mark.parametrize(("name", "content", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_is_one_record_that_says_why(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    [record] = read_records(tmp_path)

    assert record.data is None
    assert words in record.error
    assert record.place.startswith(str(tmp_path / name))


@pytest.mark.parametrize("names", [(), ("a.docx",), (".dold",)])
def test_a_folder_with_nothing_of_ours_is_told_so(tmp_path, names):
    for name in names:
        (tmp_path / name).write_text("x")

    with pytest.raises(Invalid, match="inga filer av typen"):
        read_records(tmp_path)


def test_a_file_of_another_kind_and_one_that_is_missing_are_told_apart(tmp_path):
    (tmp_path / "a.docx").write_text("x")

    with pytest.raises(Invalid, match="inga filer av typen"):
        read_records(tmp_path / "a.docx")
    with pytest.raises(Invalid, match="finns inte"):
        read_records(tmp_path / "b.md")


@pytest.mark.parametrize("name", ["a.yaml", "A.YML"])
def test_a_file_holds_one_text_or_a_list_of_them(tmp_path, name):
    (tmp_path / name).write_text("- title: Ett\n- title: Två\n")
    assert [record.data["title"] for record in read_records(tmp_path)] == ["Ett", "Två"]

    (tmp_path / name).write_text("title: Ett\n")
    assert [record.data["title"] for record in read_records(tmp_path)] == ["Ett"]
