"""The limits and words of studies, read from packs/common/evaluation, and as a study keeps them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from zhiqiao.engines import weights
from zhiqiao.infra.db.names import Name
from zhiqiao.packs import common_file


@dataclass(frozen=True)
class Option:
    """A choice of the questionnaire with its value."""

    value: float
    name: Name


@dataclass(frozen=True)
class Questionnaire:
    """What an expert chooses from, and how much is taken."""

    version: str
    scale: tuple[Option, ...]
    basis: tuple[Option, ...]
    familiarity: tuple[Option, ...]
    limits: Mapping[str, int]
    valid_days: int


@dataclass(frozen=True)
class Parameters:
    """What the judgements of one study are worked out with."""

    random_index: weights.RandomIndex
    rules: weights.DelphiRules
    step: float

    @property
    def versions(self) -> str:
        """Return the versions as one text."""
        return f"random_index {self.random_index.version}, delphi {self.rules.version}"


@cache
def questionnaire() -> Questionnaire:
    """Return the words and limits in force."""
    data = tomllib.loads(common_file("evaluation", "questionnaire.toml").read_text(encoding="utf-8"))
    limits = {key: value for key, value in data["limits"].items() if isinstance(value, int)}
    return Questionnaire(
        version=data["version"],
        scale=_options(data["scale"]),
        basis=_options(data["basis"]["options"]),
        familiarity=_options(data["familiarity"]["options"]),
        limits=limits,
        valid_days=data["link"]["valid_days"],
    )


def _options(rows: list[dict[str, Any]]) -> tuple[Option, ...]:  # Any: a table of the file
    return tuple(Option(float(row["value"]), Name(row["zh"], row["en"])) for row in rows)


def to_keep() -> dict[str, object]:
    """Return the parameters in force as a new study keeps them."""
    judging = tomllib.loads(common_file("evaluation", "judging.toml").read_text(encoding="utf-8"))
    return {
        "random_index": asdict(weights.read_random_index(common_file("evaluation", "random_index.toml"))),
        "rules": asdict(weights.read_delphi_rules(common_file("evaluation", "delphi.toml"))),
        "step": judging["sensitivity"]["step"],
        "questionnaire": questionnaire().version,
    }


def kept(values: Mapping[str, Any]) -> Parameters:  # Any: JSON of the study
    """Return the parameters of a study from what it kept."""
    index, rules = values["random_index"], values["rules"]
    return Parameters(
        weights.RandomIndex(
            index["version"], index["limit"], {int(size): value for size, value in index["values"].items()}
        ),
        weights.DelphiRules(**{**rules, "scale": tuple(rules["scale"])}),
        values["step"],
    )
