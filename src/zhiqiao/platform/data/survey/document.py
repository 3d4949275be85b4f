"""The report of posts needed as a document: the same content as page, DOCX and PDF, in either language."""

from __future__ import annotations

import datetime as dt

from zhiqiao.engines.documents import (
    Annex,
    Block,
    Chart,
    ChartKind,
    Column,
    Contents,
    Cover,
    Document,
    Heading,
    Items,
    Label,
    Language,
    Note,
    Paragraph,
    Series,
    Source,
    Sources,
    Table,
    Unknown,
    ValueKind,
)
from zhiqiao.engines.documents import Text as Running
from zhiqiao.engines.surveys import REPORT_SECTIONS, Claim, ReportContent, Text

__all__ = ["report_document"]

_SOURCES = {
    "answers": Text("问卷答卷", "Answers to the questionnaire"),
    "postings": Text("在库招聘信息", "Job postings on file"),
    "visits": Text("走访记录", "Records of visits"),
}


def report_document(
    content: ReportContent, *, language: Language, day: dt.date, digest: str = "", number: int = 1
) -> Document:
    """Return the document; without a digest it is a draft and says so on every page."""
    return _Maker(content, language).make(day, digest, number)


class _Maker:
    def __init__(self, content: ReportContent, language: Language) -> None:
        self._content = content
        self._zh = language == "zh"
        self._language: Language = language

    def say(self, zh: str, en: str) -> str:
        return zh if self._zh else en

    def of(self, text: Text) -> str:
        return text.zh if self._zh else text.en

    def make(self, day: dt.date, digest: str, number: int) -> Document:
        content, say = self._content, self.say
        labels = (
            [] if digest else [Label(say("草稿，数字还会变", "Draft, figures will change"), watermark=True)]
        )
        if content.is_demo:
            labels.append(Label(say("演示数据", "Demo data"), "DemoData", {"scope": "all"}, watermark=True))
        return Document(
            title=say(f"{content.programme.zh}专业岗位需求报告", f"Posts needed: {content.programme.en}"),
            subtitle=content.title,
            organisation=self.of(content.owner),
            date=day,
            language=self._language,
            edition=say(f"第 {number} 份", f"Report {number}"),
            digest=f"sha256:{digest}" if digest else "",
            labels=labels,
            cover=Cover(
                (
                    (say("主持单位", "Owner"), self.of(content.owner)),
                    (say("调研时间", "Days"), f"{content.first_day} – {content.last_day}"),
                    (say("覆盖区域", "Regions"), say("、", ", ").join(content.regions)),
                )
            ),
            sources=[
                Source(key, self.of(text), definition=self._bias(key))
                for key, text in _SOURCES.items()
                if any(one.source == key for one in content.claims)
            ],
            blocks=[Contents(1), *self._sections(), *self._appendices()],
        )

    def _bias(self, source: str) -> str:
        return next((self.of(one.bias) for one in self._content.claims if one.source == source), "")

    def _sections(self) -> list[Block]:
        blocks: list[Block] = []
        for key, title in REPORT_SECTIONS.items():
            if key == "appendices":
                continue
            blocks.append(Heading(self.of(title), key=key))
            blocks += [
                Paragraph(line) for line in self._content.texts.get(key, "").splitlines() if line.strip()
            ]
            if key == "method":
                blocks += self._method()
            claims = self._content.of(key)
            for source, name in _SOURCES.items():
                told = [one for one in claims if one.source == source]
                if told:
                    blocks.append(Heading(self.of(name), 2, numbered=False))
                    blocks.append(Items([self._claim(one) for one in told]))
            if key == "posts":
                blocks += self._posts()
        return blocks

    def _claim(self, one: Claim) -> Running:
        unit = {"answers": ("家", "enterprises"), "postings": ("条", "postings"), "visits": ("次", "visits")}
        zh, en = unit[one.source]
        note = self.say(f"依据 {one.count} {zh}", f"Rests on {one.count} {en}")
        return [
            self.of(one.text),
            Note(f"{note}；{self.of(one.bias)}" if self._zh else f"{note}; {self.of(one.bias)}"),
        ]

    def _method(self) -> list[Block]:
        content, say = self._content, self.say
        rate = f"{content.answered / content.drawn:.0%}" if content.drawn else "—"
        size = "—" if content.effective is None else f"{content.effective:.1f}"
        told = say(
            f"抽样框 {content.frame} 家企业，按产业、规模、县区分层，用种子“{content.seed}”抽取 {content.drawn} 家；"
            f"发放 {content.asked} 家，答复 {content.answered} 家，回收率 {rate}，"
            f"另有 {content.reused} 家经同意用了已有答案。统计按事后分层加权，有效样本量 {size}；"
            f"区间为 95%，不到三家企业的数字不列。同一企业两次调研至少间隔 {content.least_days} 天。",
            f"The frame holds {content.frame} enterprises in strata of industry, size and place; {content.drawn} "
            f"were drawn with the seed “{content.seed}”, {content.asked} were asked and {content.answered} answered, "
            f"a response rate of {rate}; {content.reused} more let earlier answers be used again. Figures are "
            f"weighted by post-stratification, effective sample size {size}; intervals are 95 %, and nothing of "
            f"fewer than three enterprises is listed. An enterprise is asked again after {content.least_days} days "
            "at the earliest.",
        )
        return [Paragraph(told)]

    def _posts(self) -> list[Block]:
        content, say = self._content, self.say
        answers, postings = say("答卷", "Answers"), say("招聘信息", "Postings")
        hidden = Unknown(say("不到三家，不列", "fewer than three"))
        rows = [
            [
                self.of(one.name),
                one.firms if one.firms is not None else hidden,
                one.hires if one.hires is not None else hidden,
                hidden
                if one.expected is None
                else f"{one.expected:,.0f} ({one.expected_low:,.0f}–{one.expected_high:,.0f})",
                one.postings,
            ]
            for one in content.posts
        ]
        number = ValueKind.NUMBER
        table = Table(
            say("各岗位需求：两个来源分开，不相加", "Posts needed: two sources side by side, never added"),
            [
                Column(say("岗位", "Post")),
                Column(say("家数", "Enterprises"), number, group=answers),
                Column(say("三年拟招合计", "To be hired in three years"), number, group=answers),
                Column(say("推算到抽样框", "Scaled to the frame"), group=answers),
                Column(say("条数", "Postings"), number, group=postings),
            ],
            rows,
            key="posts",
            empty_reason=say("没有岗位", "No posts"),
        )
        chart = Chart(
            say("三年拟招人数（答卷合计）", "To be hired within three years (sum of answers)"),
            ChartKind.BARS,
            [self.of(one.name) for one in content.posts],
            [Series(answers, [one.hires for one in content.posts])],
            alt=say(
                "各岗位三年拟招人数的条形图，数值见表。",
                "Bars of people to be hired per post; see the table.",
            ),
            unit=say("人", "people"),
            key="hires",
            empty_reason=say("不到三家企业填写", "Fewer than three enterprises answered"),
        )
        return [table, chart]

    def _appendices(self) -> list[Block]:
        content, say = self._content, self.say
        hidden = Unknown(say("一两家，不列", "one or two"))
        rows = [
            [
                self.of(one.margin),
                self.of(one.name),
                one.frame,
                hidden if one.answered is None else one.answered,
            ]
            for one in content.strata
        ]
        return [
            Annex(self.of(REPORT_SECTIONS["appendices"])),
            *[Paragraph(line) for line in content.texts.get("appendices", "").splitlines() if line.strip()],
            Table(
                say("抽样框与答复", "Frame and answers"),
                [
                    Column(say("按", "By"), merged=True),
                    Column(say("类别", "Class")),
                    Column(say("抽样框", "Frame"), ValueKind.NUMBER),
                    Column(say("答复", "Answered"), ValueKind.NUMBER),
                ],
                rows,
                empty_reason=say("不到三家答复", "Fewer than three answered"),
            ),
            Heading(say("问卷题目", "Questions asked")),
            Items([self.of(one) for one in content.questions], numbered=True),
            Heading(say("数据来源", "Sources")),
            Sources(),
        ]
