"""Fragments for pages: escaped, complete, no two ids alike."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from tests.unit.engines.documents.conftest import small
from tests.unit.engines.documents.demo import demo
from zhiqiao.engines.documents import Column, Document, Heading, Note, Paragraph, Table, to_html

VOID = {"br", "img", "hr"}


class Reader(HTMLParser):
    """Collects tags and fails where they do not match."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if (found.get("href") or "").startswith("#"):
            self.links.append(str(found["href"])[1:])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(fragments: list[str]) -> Reader:
    reader = Reader()
    for fragment in fragments:
        reader.feed(fragment)
        assert not reader.open
    return reader


def test_every_fragment_is_balanced_and_every_link_leads_somewhere(document: Document) -> None:
    reader = read(to_html(document))
    assert len(set(reader.ids)) == len(reader.ids)
    assert set(reader.links) <= set(reader.ids)
    assert len(to_html(document)) == len(document.blocks) + 2


def test_text_is_only_text() -> None:
    evil = "<script>alert(1)</script>\"'&"
    made = to_html(small(Heading(evil), Paragraph([evil, Note(evil)]), Table(evil, [Column(evil)], [[evil]])))
    assert not {"script"} & set(read(made).tags)
    assert "&lt;script&gt;" in made[1]


def test_nothing_needs_a_style_or_script_that_the_content_policy_forbids(document: Document) -> None:
    made = "".join(to_html(document))
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=", made)


def test_footnotes_follow_at_the_end() -> None:
    made = to_html(small(Paragraph(["a", Note("because")])))
    assert "because" not in made[1]
    assert "because" in made[-1]


def test_ids_keep_the_pages_prefix() -> None:
    assert 'id="x-heading-1"' in to_html(demo("en"), prefix="x-")[2]
