"""Any plan at all, made from the types of its fields: also such as no school would write."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints  # Any: types as annotations

from hypothesis import strategies as st

from zhiqiao.engines.plans import Plan

#: Words that mean something to a reader of tables, and characters that office files change.
ODD = (
    *(
        "无",
        "—",
        "未知",
        "是",
        "合计",
        "小计",
        "项目",
        "课程名称",
        "一、入学要求",
        "附录",
        "表1　岗位明细表",
        "必修",
    ),
    *(
        "公共基础课程",
        "c1〔c2〕",
        "甲、乙",
        "名：值",
        " 两端 ",
        "两\n行",
        "64",
        "007",
        "=1+1",
        "a\tb",
        "_x0041_",
    ),
    *("\r\n", "\x07", "\u202e", "\ud800", "#N/A", "１"),
)
PLAIN = st.sampled_from(("c1", "c2", "p1", "k1", "程序设计", "语文", "调研记录", "a-1"))
TEXTS = st.one_of(PLAIN, PLAIN, st.sampled_from(ODD), st.text(max_size=5))
KEYS = TEXTS.filter(str.strip)
NUMBERS = st.one_of(
    st.integers(0, 200),
    st.integers(0, 10**16),
    st.decimals(0, 500, places=2).map(lambda one: Decimal(str(one))),
)


def plans() -> st.SearchStrategy[Plan]:
    """Return plans of every shape that can be written as JSON."""
    return of(Plan, 0)


def of(kind: Any, depth: int) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - one line per kind of type
    """Return values of a type."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return KEYS if parts[0] is str else of(parts[0], depth)
    if origin in {Union, types.UnionType}:
        rest = [part for part in parts if part is not types.NoneType]
        found = NUMBERS if set(rest) == {int, Decimal} else of(rest[0], depth)
        return found if len(rest) == len(parts) else st.one_of(st.none(), found, found)
    if origin is tuple:
        return st.lists(of(parts[0], depth + 1), max_size=3 if depth < 2 else 2, unique_by=name_of).map(tuple)
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(of(parts[0], depth), of(parts[1], depth), max_size=3)
    if is_dataclass(kind):
        hints = get_type_hints(kind, include_extras=True)
        return st.builds(kind, **{one.name: of(hints[one.name], depth + 1) for one in fields(kind)})
    if issubclass(kind, StrEnum):
        return st.sampled_from(kind)
    plain: dict[type, st.SearchStrategy[Any]] = {
        str: TEXTS,
        bool: st.booleans(),
        int: st.integers(0, 14),
        date: st.dates(),
    }
    return plain[kind]


def name_of(row: Any) -> object:
    """Return what must be unique in a list: the key or number of a row; rows without may be equal."""
    found = getattr(row, "key", getattr(row, "number", None))
    return row if isinstance(row, str) else object() if found is None else found
