"""A synthetic document with every kind of block, in both languages; its figures are made up by a formula."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import TypeVar

from zhiqiao.engines.documents import (
    Annex,
    Band,
    BandKind,
    Block,
    Callout,
    Cell,
    Chart,
    ChartKind,
    Cite,
    Column,
    Contents,
    Cover,
    Document,
    Figure,
    Heading,
    Items,
    Label,
    Language,
    Note,
    Paragraph,
    Reference,
    Series,
    Signature,
    Source,
    Sources,
    Strong,
    Table,
    Text,
    Tone,
    Unknown,
    ValueKind,
)

T = TypeVar("T")
DAY = dt.date(2026, 11, 20)
MONTHS = [f"{2024 + at // 12}-{at % 12 + 1:02d}" for at in range(36)]
OBSERVED = 24
CHAINS = ("先进材料", "电子信息", "食品医药", "装备制造")
CHAINS_EN = ("Advanced materials", "Electronics", "Food and medicine", "Equipment manufacturing")


def demo(language: Language, *, rows: int = 60) -> Document:
    """Return the document; `rows` is the length of the table in its annex."""
    return _Demo(language).document(rows)


def curve(at: int, start: float, slope: float) -> float:
    """Return the made-up value of a month: a line with a season."""
    return round(start + slope * at + start * 0.08 * math.sin(at / 12 * 2 * math.pi), 1)


class _Demo:
    def __init__(self, language: Language) -> None:
        self._language = language
        self._chains = self.say(CHAINS, CHAINS_EN)

    def say(self, zh: T, en: T) -> T:
        return zh if self._language == "zh" else en

    def document(self, rows: int) -> Document:
        say = self.say
        return Document(
            title=say("重点产业人才需求动态预测报告", "Talent demand outlook for key industries"),
            subtitle=say("排版样例（全部数据为虚构）", "Layout sample, all figures are made up"),
            organisation=say("示例市教育局", "Sample City Education Bureau"),
            date=DAY,
            language=self._language,
            edition=say("2026 年第一版", "First edition 2026"),
            version="1.0.0",
            digest="sha256:6f1c0d2ae0b94d3f8f5e7c2b1a90887766554433221100ffeeddccbbaa998877",
            keywords=(say("人才需求", "talent demand"), say("预测", "forecast")),
            labels=(
                Label(say("演示数据", "Demo data"), "DemoData", {"scope": "all"}, watermark=True),
                Label(
                    say("含 AI 生成内容", "Contains AI-generated text"),
                    "AIGC",
                    {"producer": "sample", "model": "none"},
                ),
            ),
            sources=(
                Source(
                    "postings",
                    say("招聘信息汇总", "Job postings"),
                    say("示例人社局", "Sample Labour Bureau"),
                    "2024–2025",
                    say("去重后的在招岗位数", "Open posts without duplicates"),
                    "https://example.org/a/very/long/address/that/must/break/somewhere?with=parameters&and=more",
                ),
                Source(
                    "school",
                    say("院校基本状态数据", "School census"),
                    say("示例学院", "Sample College"),
                    "2025",
                ),
            ),
            cover=Cover(
                (
                    (say("编制单位", "Prepared by"), say("示例产教融合研究中心", "Sample Centre")),
                    (
                        say("适用范围", "Scope"),
                        say("示例市四条重点产业链", "Four industry chains of Sample City"),
                    ),
                )
            ),
            blocks=[*self._opening(), *self._body(), *self._second(), *self._annexes(rows)],
        )

    def _opening(self) -> list[Block]:
        say = self.say
        return [
            Contents(depth=2),
            Heading(say("摘要", "Summary"), numbered=False),
            Paragraph(self._summary()),
            Callout(
                say("主要发现", "Key findings"),
                [
                    say(
                        "先进材料链的岗位在一年内增加最多，陶瓷封装类技能最为紧缺。",
                        "Advanced materials grew most within a year.",
                    ),
                    [
                        say("两个专业的供给", "Supply of two programmes "),
                        Strong(say("高于需求", "exceeds demand")),
                        say("，建议调整招生。", "."),
                    ],
                ],
                Tone.KEY,
            ),
            Items(
                [
                    say("需求：在招岗位数，按月。", "Demand: open posts by month."),
                    say("供给：在校生与毕业生。", "Supply: students and graduates."),
                ]
            ),
            Items(
                [
                    say("先看第一部分的方法与局限；", "Read method and limits first;"),
                    say("再看各产业链；", "then the chains;"),
                    say("最后看附件中的全部数据。", "then the annex."),
                ],
                numbered=True,
            ),
        ]

    def _summary(self) -> Text:
        say = self.say
        return [
            say("本报告依据", "This report rests on "),
            Figure(
                48213,
                ValueKind.NUMBER,
                say("条", "postings"),
                evidence=say(
                    "证据 E-0012：招聘信息汇总，去重后", "Evidence E-0012: postings without duplicates"
                ),
            ),
            say("招聘信息", ""),
            Cite("postings"),
            say("与院校数据", " and school data"),
            Cite("school"),
            say("，其中制造类占", ", of which manufacturing is "),
            Figure(
                0.4273,
                ValueKind.PERCENT,
                evidence=say(
                    "证据 E-0012：招聘信息汇总，去重后", "Evidence E-0012: postings without duplicates"
                ),
            ),
            say("。供需错配见", ". For the mismatch see "),
            Reference("mismatch"),
            say("，趋势见", ", for the trend "),
            Reference("trend"),
            say("。平均薪酬的同比变化为", ". The change in pay is "),
            Figure(None, ValueKind.PERCENT),
            say("。", "."),
            Note(say("可比样本不足 30 条，不予估计。", "Fewer than 30 comparable postings: no estimate.")),
        ]

    def _body(self) -> list[Block]:
        say = self.say
        long = say(
            "岗位数按发布月份统计，同一岗位在不同渠道重复发布的只计一次；未写明学历要求的岗位单列，不并入任何一档。",
            "Posts are counted by the month of publication; a post that several channels carry is counted once. Posts "
            "without a stated requirement are listed apart. ",
        )
        return [
            Heading(say("方法与数据", "Method and data")),
            Heading(say("统计口径", "Definitions"), 2),
            Paragraph(long * 3),
            Heading(say("岗位与技能", "Posts and skills"), 3),
            Paragraph(long * 2),
            Heading(say("预测方法", "Forecasting"), 3),
            Paragraph(long),
            Callout(say("方法说明", "Method"), [long, long], Tone.METHOD),
            Heading(say("局限", "Limits"), 2),
            Callout(
                say("数据的局限", "Limits of the data"),
                [
                    say(
                        "线上招聘不含内部招聘与零工；县域小微企业代表性不足。",
                        "Online postings leave out internal hiring and casual work.",
                    )
                ],
                Tone.LIMITS,
            ),
            Heading(say("产业链的需求", "Demand of the chains")),
            Heading(say("总体趋势", "Trend"), 2),
            Paragraph(long),
            self._trend(),
            Paragraph(long * 2),
            self._mismatch(),
            Heading(say("技能需求", "Skills wanted"), 2),
            self._bars(),
            Paragraph(long),
        ]

    def _trend(self) -> Chart:
        say = self.say
        first = [curve(at, 320, 4.5) for at in range(36)]
        second = [curve(at, 210, 1.5) for at in range(36)]

        def band(values: Sequence[float], begin: int, spread: float, sign: int) -> list[float | None]:
            return [
                None if at < begin else value + sign * spread * (at - begin + 1)
                for at, value in enumerate(values)
            ]

        return Chart(
            say("两条产业链的月度岗位数与预测", "Monthly posts of two chains with forecast"),
            ChartKind.LINE,
            MONTHS,
            [
                Series(
                    self._chains[0],
                    first,
                    [
                        Band(
                            say("80% 预测区间", "80 % interval"),
                            band(first, 24, 6, -1),
                            band(first, 24, 6, 1),
                        ),
                        Band(
                            say("规划情景", "Planning scenario"),
                            band(first, 30, 16, -1),
                            band(first, 30, 16, 1),
                            BandKind.SCENARIO,
                        ),
                    ],
                    dashed_from=24,
                ),
                Series(
                    self._chains[1],
                    [None if at in {7, 8} else value for at, value in enumerate(second)],
                    dashed_from=24,
                ),
            ],
            alt=say(
                "折线图：先进材料的岗位数两年间上升，预测继续上升，区间逐月变宽。",
                "Lines: posts of advanced materials rise and are forecast to go on rising.",
            ),
            unit=say("个", "posts"),
            category_title=say("月份", "Month"),
            key="trend",
            notes=[
                say(
                    "虚线为预测；2024-08 与 2024-09 电子信息数据缺失，不作插补。",
                    "Dashed: forecast. Electronics lacks 2024-08 and 2024-09; nothing is filled in.",
                )
            ],
            source=[say("招聘信息汇总", "Job postings"), Cite("postings")],
            marks=[(23, say("预测起点", "forecast begins"))],
        )

    def _mismatch(self) -> Table:
        say = self.say
        header = [
            Column(say("产业链", "Chain"), merged=True, width=9),
            Column(say("关键环节及岗位", "Key posts"), width=17),
            Column(say("核心技能需求", "Core skills"), width=22),
            Column(say("现有对口专业", "Programmes"), width=18),
            Column(
                say("需求", "Demand"),
                ValueKind.NUMBER,
                say("人", "persons"),
                width=10,
                group=say("供需", "Balance"),
            ),
            Column(
                say("供给", "Supply"),
                ValueKind.NUMBER,
                say("人", "persons"),
                width=10,
                group=say("供需", "Balance"),
            ),
            Column(say("缺口率", "Gap"), ValueKind.PERCENT, width=10, group=say("供需", "Balance")),
        ]
        few = Unknown(say("可比样本不足 30 条", "fewer than 30 comparable postings"))
        none = Unknown(say("尚无对口专业", "no programme yet"), applies=False)
        rows: list[list[Cell]] = []
        for at, chain in enumerate(self._chains):
            for step, post in enumerate(
                say(
                    ("工艺技术员", "设备运维员", "质量检测员"),
                    ("Process technician", "Maintenance", "Quality inspector"),
                )
            ):
                demand, supply = 420 - 60 * at + 35 * step, 180 + 45 * at - 20 * step
                rows.append(
                    [
                        chain,
                        post,
                        say(
                            "陶瓷封装、MES、可编程控制器编程、统计过程控制",
                            "Ceramic packaging, MES, PLC programming, SPC",
                        ),
                        none
                        if (at, step) == (0, 2)
                        else say("机电一体化技术、应用化工技术", "Mechatronics, applied chemistry"),
                        demand,
                        0 if (at, step) == (0, 2) else (few if (at, step) == (2, 1) else supply),
                        few if (at, step) == (2, 1) else (demand - supply) / demand,
                    ]
                )
        return Table(
            say(
                "产业链关键环节及岗位、核心技能需求、现有对口专业与供需错配",
                "Key posts, skills, programmes and mismatch by chain",
            ),
            header,
            rows,
            key="mismatch",
            notes=[say("缺口率 =（需求 − 供给）/ 需求。", "Gap = (demand − supply) / demand.")],
            source=[
                say("招聘信息汇总", "Job postings"),
                Cite("postings"),
                say("；院校基本状态数据", "; school census"),
                Cite("school"),
            ],
            landscape=True,
        )

    def _bars(self) -> Chart:
        say = self.say
        names = say(
            (
                "陶瓷芯片封装",
                "可编程控制器编程",
                "制造执行系统（MES）应用",
                "统计过程控制",
                "工业机器人操作与运维",
                "食品安全快速检测",
            ),
            (
                "Ceramic chip packaging",
                "PLC programming",
                "MES",
                "Statistical process control",
                "Robots",
                "Food testing",
            ),
        )
        return Chart(
            say("提及各技能的岗位占比", "Share of posts that mention a skill"),
            ChartKind.BARS,
            names,
            [
                Series("2024", [0.12, 0.31, 0.22, None, 0.17, 0.08]),
                Series("2025", [0.28, 0.33, 0.26, 0.14, 0.21, 0.07]),
            ],
            alt=say(
                "条形图：陶瓷芯片封装从 12% 升到 28%，升幅最大。",
                "Bars: ceramic chip packaging rises most, from 12 % to 28 %.",
            ),
            percent=True,
            unit=say("占全部岗位的比例", "share of all posts"),
            source=[say("招聘信息汇总", "Job postings"), Cite("postings")],
        )

    def _second(self) -> list[Block]:
        say = self.say
        return [
            Heading(say("供给与错配", "Supply and mismatch")),
            Heading(say("毕业生结构", "Graduates"), 2),
            Chart(
                say("各产业链毕业生的学历构成", "Graduates by level"),
                ChartKind.STACKED,
                self._chains,
                [
                    Series(say("中职", "Secondary"), [310, 240, 180, 420]),
                    Series(say("高职", "Higher vocational"), [220, 310, 150, 260]),
                    Series(say("职业本科", "Vocational degree"), [40, 60, None, 30]),
                ],
                alt=say(
                    "堆叠柱：装备制造的毕业生最多。", "Stacked: equipment manufacturing has most graduates."
                ),
                unit=say("人", "persons"),
                source=say("院校基本状态数据", "School census"),
            ),
            Chart(
                say("各专业的需求与供给", "Demand and supply of programmes"),
                ChartKind.DUMBBELL,
                say(
                    ("机电一体化技术", "应用化工技术", "食品检验检测", "大数据技术", "护理"),
                    ("Mechatronics", "Chemistry", "Food testing", "Big data", "Nursing"),
                ),
                [
                    Series(say("需求", "Demand"), [420, 180, 95, 210, 300]),
                    Series(say("供给", "Supply"), [260, 150, None, 330, 300]),
                ],
                alt=say(
                    "哑铃图：机电一体化需求高于供给 160 人，大数据技术供给高于需求。",
                    "Dumbbell: mechatronics lacks 160.",
                ),
                unit=say("人", "persons"),
            ),
            Chart(
                say("五类职业的新增岗位", "New posts of five occupations"),
                ChartKind.COLUMNS,
                say(
                    ("生产操作", "设备运维", "质量检测", "研发辅助", "现场管理"),
                    ("Operators", "Maintenance", "Quality", "Research", "Supervision"),
                ),
                [Series(say("新增", "New"), [1210, 830, 412, 96, -45])],
                alt=say("柱形图：生产操作新增最多，现场管理减少。", "Columns: operators gain most."),
                unit=say("个", "posts"),
            ),
            Table(
                say("预警技能", "Alerts"),
                [Column(say("技能", "Skill")), Column(say("首次出现", "First seen"), ValueKind.DATE)],
                [],
                empty_reason=say("本季度没有技能的变化超过报警线", "no skill passed the line this quarter"),
            ),
            Heading(say("建议", "Advice"), 2),
            Items(
                [
                    say("先进材料链增设陶瓷封装方向。", "Add ceramic packaging."),
                    say("大数据技术专业缩减招生。", "Enrol fewer in big data."),
                ],
                numbered=True,
            ),
            Heading(say("资料来源", "Sources"), numbered=False),
            Sources(),
            Signature(
                [
                    (say("编制人", "Prepared by"), say("张示例", "A. Sample")),
                    (say("审核人", "Reviewed by"), ""),
                    (say("签发人", "Issued by"), ""),
                ]
            ),
        ]

    def _annexes(self, rows: int) -> list[Block]:
        say = self.say
        return [
            Annex(say("全部数据", "All figures")),
            Heading(say("岗位明细", "Posts")),
            Table(
                say("按月份与岗位的明细", "Posts by month"),
                [
                    Column(say("序号", "No."), ValueKind.NUMBER),
                    Column(say("月份", "Month")),
                    Column(say("截止日", "Until"), ValueKind.DATE),
                    Column(say("岗位", "Post")),
                    Column(say("岗位数", "Count"), ValueKind.NUMBER, say("个", "posts")),
                    Column(say("占比", "Share"), ValueKind.PERCENT),
                    Column(say("备注", "Remark")),
                ],
                [self._row(at) for at in range(rows)],
                source=say("招聘信息汇总", "Job postings"),
            ),
        ]

    def _row(self, at: int) -> list[Cell]:
        say = self.say
        count: Cell = (
            Unknown(say("当月未采集", "not collected that month")) if at % 17 == 5 else 40 + at * 7 % 91
        )
        return [
            at + 1,
            MONTHS[at % 24],
            dt.date(2026, 1 + at % 12, 1 + at % 28),
            say("工艺技术员（陶瓷封装方向）", "Process technician"),
            count,
            None if isinstance(count, Unknown) else (at % 13) / 100,
            "=SUM(A1:A9)" if at == 3 else say("无", "none"),
        ]
