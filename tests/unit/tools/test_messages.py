"""The English catalogues: nothing missing, no placeholder lost, no Chinese left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from tools import messages


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package with three texts, one of them in a template."""
    root = tmp_path / "shop"
    (root / "templates").mkdir(parents=True)
    (root / "views.py").write_text('_("苹果")\n_("共 %(count)s 个")\n', encoding="utf-8")
    (root / "templates" / "a.html").write_text('{% load i18n %}{% translate "梨" %}', encoding="utf-8")
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "PACKAGES", (root,))
    return root


def translate(package: Path, texts: dict[str, str]) -> None:
    """Fill the catalogue by hand, as a translator would."""
    path = messages.catalogue_path(package)
    with path.open("rb") as source:
        catalogue = read_po(source, locale="en")
    for message in catalogue:
        if isinstance(message.id, str) and message.id:
            message.string = texts.get(message.id, message.string)
    catalogue.header_comment = "# shop"
    path.write_bytes(messages._as_po(catalogue))


GOOD = {"苹果": "Apple", "共 %(count)s 个": "%(count)s in all", "梨": "Pear"}


def test_a_complete_catalogue_has_no_fault(package: Path) -> None:
    messages._extract(package)
    translate(package, GOOD)
    assert messages.check(package) == []


def test_texts_of_code_and_templates_are_found(package: Path) -> None:
    assert {message.id for message in messages.used(package) if message.id} == set(GOOD)


def test_extracting_again_changes_nothing(package: Path) -> None:
    messages._extract(package)
    translate(package, GOOD)
    messages._extract(package)
    before = messages.catalogue_path(package).read_bytes()
    messages._extract(package)
    assert messages.catalogue_path(package).read_bytes() == before
    assert b"Apple" in before


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        ({"梨": ""}, "not translated"),
        ({"梨": "Pear 梨"}, "Chinese"),
        ({"共 %(count)s 个": "in all"}, "placeholders"),
        ({"共 %(count)s 个": "%(number)s in all"}, "placeholders"),
    ],
)
def test_each_fault_is_named(package: Path, texts: dict[str, str], fault: str) -> None:
    messages._extract(package)
    translate(package, GOOD | texts)
    found = messages.check(package)
    assert len(found) == 1
    assert fault in found[0]


def test_a_new_text_is_missing_until_extracted(package: Path) -> None:
    messages._extract(package)
    translate(package, GOOD)
    (package / "more.py").write_text('_("新")', encoding="utf-8")
    assert [fault.split(": ")[1] for fault in messages.check(package)] == ["missing; run `make messages`"]


def test_a_text_no_longer_used_is_told_and_dropped(package: Path) -> None:
    messages._extract(package)
    translate(package, GOOD)
    (package / "templates" / "a.html").write_text("", encoding="utf-8")
    assert "no longer used" in messages.check(package)[0]
    messages._extract(package)
    assert messages.check(package) == []


def test_a_compiled_catalogue_speaks_english(package: Path) -> None:
    messages._extract(package)
    translate(package, GOOD)
    messages._compile(package)
    assert messages.catalogue_path(package).with_suffix(".mo").stat().st_size > 0


def test_line_numbers_stay_out(package: Path) -> None:
    messages._extract(package)
    assert "views.py\n" in messages.catalogue_path(package).read_text(encoding="utf-8")
