"""Job titles to codes of a classification of occupations that the user brings; none is shipped."""

from __future__ import annotations

from zhiqiao.engines.occupations._errors import Cancelled, InputError, ModelError, OccupationError
from zhiqiao.engines.occupations._fit import cross_validate, fit, groups_of_alike, measure
from zhiqiao.engines.occupations._model import OccupationModel, load
from zhiqiao.engines.occupations._reading import read_classification, read_titles
from zhiqiao.engines.occupations._table import TableCoded, code_table
from zhiqiao.engines.occupations._text import fold_title
from zhiqiao.engines.occupations._values import (
    Classification,
    Coded,
    Evaluation,
    KnownTitle,
    LabelledTitle,
    Occupation,
    Rejected,
    Titles,
)

__all__ = [
    "Cancelled",
    "Classification",
    "Coded",
    "Evaluation",
    "InputError",
    "KnownTitle",
    "LabelledTitle",
    "ModelError",
    "Occupation",
    "OccupationError",
    "OccupationModel",
    "Rejected",
    "TableCoded",
    "Titles",
    "code_table",
    "cross_validate",
    "fit",
    "fold_title",
    "groups_of_alike",
    "load",
    "measure",
    "read_classification",
    "read_titles",
]
