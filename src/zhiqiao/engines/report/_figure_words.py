"""What a figure is called and how it came about, in the words of the report."""

from __future__ import annotations

from collections.abc import Mapping

from zhiqiao.engines.report._facts import Name, Part
from zhiqiao.engines.report._figure_table import part_key
from zhiqiao.engines.report._figures import Measured
from zhiqiao.engines.report._teller import Teller

#: What the parts of a scope are, by measure; what is missing here is about the whole region.
_ABOUT: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("postings", "before", "share", "planned"), ("industry", "post")),
    **dict.fromkeys(("next", "next-low", "next-high"), ("industry", "post")),
    **dict.fromkeys(("month", "month-mean", "month-low", "month-high"), ("industry", "literal")),
    **dict.fromkeys(("structure", "structure-share"), ("part",)),
    **dict.fromkeys(("skill", "skill-before", "skill-share", "skill-share-before"), ("industry", "skill")),
    **dict.fromkeys(
        ("signal-window", "signal-share", "signal-share-before"), ("industry", "skill", "literal")
    ),
    **dict.fromkeys(("uncovered", "uncovered-low", "uncovered-high"), ("industry",)),
    **dict.fromkeys(("gap", "gap-low", "gap-high", "gap-postings"), ("post",)),
    **dict.fromkeys(("finding-share", "finding-index", "finding-count"), ("post", "", "programme")),
    "conditions-short": ("post", "programme"),
    **dict.fromkeys(("post-skill-share", "lacking", "lacking-share", "covered"), ("post", "skill")),
    "hours": ("post", "skill", "programme"),
    **dict.fromkeys(("enrolled", "graduates", "placement", "matching", "practice"), ("programme",)),
    **dict.fromkeys(("programme-uncovered", "quantity", "quantity-low", "quantity-high"), ("programme",)),
    **dict.fromkeys(("places", "firmness", "decided"), ("programme",)),
    **dict.fromkeys(("required", "present"), ("programme", "condition")),
    **dict.fromkeys(("project-staff", "project-chance"), ("project", "industry")),
    **dict.fromkeys(("series", "cells", "error", "naive", "better", "cover", "total-cover"), ("level",)),
    "source": ("source",),
}
_SCENARIO = "scenario-"


class FigureWords:
    """Titles and explanations of figures in one language."""

    def __init__(self, tell: Teller) -> None:
        self._tell = tell
        facts = tell.facts
        posts = [post.name for item in facts.industries for post in item.posts]
        skills = [
            *(skill.name for item in facts.industries for skill in item.skills),
            *(item.skill for item in facts.skills),
            *(item.skill for item in facts.signals),
            *(row.skill.name for row in facts.lacking),
            *(skill.name for row in facts.gaps for skill in row.skills),
        ]
        wide = [item.industry for item in facts.signals]
        self._names: Mapping[str, Mapping[str, Name]] = {
            "industry": _by_key([*wide, *(item.name for item in facts.industries)]),
            "post": _by_key([*posts, *(row.post for row in facts.gaps)]),
            "skill": _by_key(skills),
            "programme": _by_key([item.name for item in facts.programmes]),
            "project": _by_key([item.name for item in facts.projects]),
            "source": _by_key([item.name for item in facts.sources]),
        }

    def title(self, figure: Measured) -> str:
        """Return what a figure is: of what, and which measure."""
        tell = self._tell
        if figure.measure == "coverage":
            return tell.text(f"figure.coverage-{figure.scope[0]}")
        label = tell.text(f"figure.{figure.measure}")
        about = " · ".join(one for one in self._about(figure) if one)
        return tell.text("figure.title", about=about, label=label) if about else label

    def how(self, figure: Measured) -> str:
        """Return what the figure rests on, in a sentence."""
        return self._tell.why(figure.evidence)

    def _about(self, figure: Measured) -> list[str]:
        scope = figure.scope
        if figure.measure.startswith(_SCENARIO):
            return [*self._series(scope[:-1]), self._period(scope)]
        kinds = _ABOUT.get(figure.measure, ())
        if kinds == ("part",):
            return [self._part(scope)]
        return [self._name(kind, scope, at) for at, kind in enumerate(kinds[: len(scope)])]

    def _series(self, scope: tuple[str, ...]) -> list[str]:
        return [self._name(kind, scope, at) for at, kind in enumerate(("industry", "post")[: len(scope)])]

    def _period(self, scope: tuple[str, ...]) -> str:
        bands = (
            band
            for item in self._tell.facts.industries
            for band in item.outlook.scenarios
            if str(band.year) == scope[-1]
        )
        band = next(bands, None)
        return self._tell.text("scenarios.period", first=band.first, last=band.last) if band else scope[-1]

    def _part(self, scope: tuple[str, ...]) -> str:
        what, key = scope
        part = next(one for one in self._tell.facts.structure[what] if part_key(one.name) == key)
        return f"{self._tell.text(f'state.{what}')}{self._tell.text('list.colon')}{part_name(self._tell, what, part)}"

    def _name(self, kind: str, scope: tuple[str, ...], at: int) -> str:
        key = scope[at]
        match kind:
            case "":
                return ""
            case "literal":
                return key
            case "level":
                return self._tell.text(f"backtest.{key}")
            case "condition":
                item = next(one for one in self._tell.facts.programmes if one.name.key == scope[0])
                return self._tell.words.name(item.conditions[int(key)][0])
        name = self._names[kind].get(key)
        return self._tell.words.name(name) if name else ""


def part_name(tell: Teller, what: str, part: Part) -> str:
    """Return the name of one value of a structure."""
    if part.name is None:
        return tell.text("state.not_stated")
    key = f"{what}.{part.name.key}"
    return tell.text(key) if tell.words.has(key) else tell.words.name(part.name)


def _by_key(names: list[Name]) -> dict[str, Name]:
    return {name.key: name for name in names}
