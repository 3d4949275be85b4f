"""Every figure that the report prints is found again in the facts by its name alone, and says what it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.unit.engines.report import made
from zhiqiao.engines.documents import (
    CalloutPlan,
    Chart,
    ChartPlan,
    Document,
    ItemsPlan,
    Language,
    Line,
    ParagraphPlan,
    TablePlan,
    plan,
)
from zhiqiao.engines.report import (
    Estimate,
    Figures,
    FigureWords,
    Finding,
    MissingSkill,
    ProjectFacts,
    Ref,
    ReportFacts,
    ScenarioFacts,
    SkillShare,
    Teller,
    compose,
    read_words,
)
from zhiqiao.packs import common_file

TEXTS = common_file("report", "demand_report.toml")


def rich() -> ReportFacts:
    """Facts with everything that the plain ones leave out."""
    known = made.programme(
        year=2024, enrolled=90, graduates=80, placement=0.9, matching=0.7, quantity=Estimate(-0.6, -0.8, -0.4),
        advice="reduce", reasons=("demand_below_graduates",), places=60, firmness=0.85,
        conditions=((made.MAKING, 10.0, 4.0),), posts=(made.MAKER,), decision="reduce", decided_places=55,
    )  # fmt: skip
    facts = made.facts(programmes=(known,))
    first = facts.gaps[0]
    findings = (
        *first.findings,
        Finding("too_theoretical", made.PROGRAMME, {"practice_share": 0.43}),
        Finding("conditions_short", made.PROGRAMME, {"required": 10.0, "present": 4.0}),
        Finding("over_supply", None, {"quantity": -0.6}),
    )
    tea = facts.industries[0]
    tasting = SkillShare(made.TASTING, "ability", 40, 307)
    bands = (
        ScenarioFacts(2, "2026-01", "2026-12", 701.4, 811.6, 921.2, 12.4),
        ScenarioFacts(3, "2027-01", "2027-12", 601.0, 811.0, 1021.0),
    )
    tea = replace(
        tea,
        outlook=replace(tea.outlook, scenarios=bands),
        posts=(replace(tea.posts[0], planned=17), *tea.posts[1:]),
    )
    return replace(
        facts,
        industries=(tea, *facts.industries[1:]),
        gaps=(replace(first, findings=findings), *facts.gaps[1:]),
        lacking=(
            *facts.lacking,
            MissingSkill(made.MAKER, tasting, 0.0, {"tea-programme": 0.0}, Estimate(0.1)),
        ),
        projects=(ProjectFacts(made.SERVING, made.TEA, "2026-03", 0.5, 40),),
        evidence={"postings:tea": Ref("postings"), "forecast:tea": Ref("forecast_row", "x")},
    )  # fmt: skip


def _lines(document: Document) -> Iterator[Line]:
    for block in plan(document).blocks:
        match block:
            case ParagraphPlan():
                yield block.line
            case ItemsPlan() | CalloutPlan():
                yield from block.lines
            case TablePlan():
                yield from (cell.line for row in block.rows for cell in row)
                yield from block.notes
            case ChartPlan():
                yield from block.notes


def figures_of(document: Document) -> list[tuple[str, str]]:
    """Return every figure as (name, as printed)."""
    return [(piece.origin, piece.text) for line in _lines(document) for piece in line if piece.is_figure]


def told_again(document: Document, facts: ReportFacts, language: Language) -> list[str]:
    """Return what is wrong with the figures of a document: without a name, or another value when read by it."""
    known = Figures(facts)
    wrong = []
    for name, shown in figures_of(document):
        found = known.get(name)
        if found is None or found.text(language) != shown:
            wrong.append(f"{name or 'without a name'}: {shown}, read {found and found.text(language)}")
    charts = [block for block in document.blocks if isinstance(block, Chart)]
    for chart in charts:
        values = [one for series in chart.series[:1] for one in series.values]
        for name, value in zip(chart.origins, values, strict=True):
            found = known.get(name)
            if value is not None and (found is None or found.value != value):
                wrong.append(f"{chart.key} {name}: {value}, read {found}")
    return wrong


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_printed_figure_is_read_again_by_its_name_and_has_a_title(language: Language) -> None:
    facts = rich()
    words = read_words(TEXTS, language)
    document = compose(facts, words, made.limits())
    printed = figures_of(document)
    assert len({name for name, _ in printed}) > 150
    assert told_again(document, facts, language) == []
    known, names = Figures(facts), FigureWords(Teller(facts, words, made.limits()))
    for name, _ in printed:
        figure = known.get(name)
        assert figure is not None
        assert names.title(figure)
        assert names.how(figure)
        for part in figure.rests:
            assert known.get(part) is not None, (name, part)


def test_figures_stand_in_prose_tables_and_charts_only_with_a_name() -> None:
    texts = {text for _, text in figures_of(compose(rich(), read_words(TEXTS, "zh"), made.limits()))}
    # one of each kind: a count, a bound in a cell, a share inside words of a cell, an index, a scenario
    assert {"523", "331", "27%", "−0.80", "812"} <= texts


def test_both_languages_print_the_same_figures() -> None:
    facts = rich()
    zh, en = (
        {name for name, _ in figures_of(compose(facts, read_words(TEXTS, language), made.limits()))}
        for language in ("zh", "en")
    )
    assert zh == en


def test_a_figure_knows_what_it_is_computed_from_and_where_it_leads() -> None:
    known = Figures(rich())
    share = known.get("share:tea")
    assert share is not None
    assert share.rests == ("postings:tea", "total")
    assert share.written(0.5, "zh") == "50%"
    count = known.get("postings:tea")
    assert count is not None
    assert (count.refs, count.counted, count.value) == (("postings:tea",), True, 359)
    ahead = known.get("next-low:tea")
    assert ahead is not None
    assert (ahead.refs, ahead.value) == (("forecast:tea",), 331.0)


@pytest.mark.parametrize(
    "name",
    ["", "nothing", "postings", "postings:no", "postings:tea/maker/x", "month:tea/1999-01", "coverage:none",
     "required:tea-programme/9", "finding-share:maker/none/-/x", "structure:diploma/x", "signal-share:tea"],
)  # fmt: skip
def test_a_name_that_the_facts_do_not_have_is_none(name: str) -> None:
    assert Figures(rich()).get(name) is None
