"""The corpus of discovery: what postings ask for, as words and as skills; read from the folder of `zhiqiao mine`."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple  # Any: rows of a Parquet file, whose schema is checked

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from zhiqiao.engines.competency._errors import CorpusError, ParameterError
from zhiqiao.engines.competency._parameters import Parameters
from zhiqiao.engines.competency._words import Cutter

__all__ = ["Corpus", "Mention", "Parts", "SkillFacts", "first_postings", "read_corpus"]

Parts = Callable[[Sequence[str]], Iterator[Sequence[tuple[int, int, str]]]]
"""Gives the parts of each text as (start, end, line role), as `jobmining.read_roles_of_texts` does."""

_POSTING_COLUMNS = ("posting_id", "text")
_MENTION_COLUMNS = ("posting_id", "skill_id", "skill_zh", "kind", "start", "end", "line_role")
_MADE_BY = "zhiqiao mine"


class Mention(NamedTuple):
    """A skill of the taxonomy at [start, end) of its posting's text."""

    skill: int
    start: int
    end: int


@dataclass(frozen=True)
class SkillFacts:
    """A skill as the postings name it, and in how many postings."""

    id: str
    zh: str
    kind: str
    postings: int


@dataclass(frozen=True)
class Corpus:
    """Postings as words and skills; `skills` is in the order of ids and the numbers below count in it.

    `words[i]` are the words of posting i without stop words; `mixed[i]` the same with each skill as its number.
    `held_out` are the postings of part `fold`, kept back to score with.
    """

    posting_ids: tuple[str, ...]
    texts: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    mixed: tuple[tuple[str | int, ...], ...]
    mentions: tuple[tuple[Mention, ...], ...]
    skills: tuple[SkillFacts, ...]
    held_out: NDArray[np.bool_]
    digest: str
    taxonomy_version: str
    fold: int = 0

    @cached_property
    def skill_sets(self) -> tuple[tuple[int, ...], ...]:
        """The distinct skills of each posting, in order."""
        return tuple(tuple(sorted({mention.skill for mention in own})) for own in self.mentions)


def read_corpus(folder: Path, *, parameters: Parameters, parts: Parts, fold: int = 0) -> Corpus:
    """Read `postings.parquet`, `mentions.parquet` and `summary.json`; CorpusError says what is amiss.

    `fold` says which of the `held_out_one_in` parts of the postings is kept back; ParameterError when there is no such.
    """
    wanted = parameters.corpus
    _check_fold(fold, of=wanted.held_out_one_in)
    _check_folder(folder)
    postings = _table(folder / "postings.parquet", _POSTING_COLUMNS)
    if postings.num_rows < wanted.min_postings:
        raise CorpusError(
            f"只有 {postings.num_rows} 条岗位，至少需要 {wanted.min_postings} 条。",
            f"There are {postings.num_rows} postings; at least {wanted.min_postings} are needed.",
        )
    postings = postings.sort_by("posting_id")
    mentions = _table(folder / "mentions.parquet", _MENTION_COLUMNS)
    mentions = mentions.filter(
        pc.and_(
            pc.is_valid(mentions["skill_id"]), pc.is_in(mentions["line_role"], pa.array(wanted.line_roles))
        )
    )
    ids = postings["posting_id"].to_pylist()
    skills, by_posting = _mentions(mentions, ids)
    texts = postings["text"].to_pylist()
    roles, cutter = frozenset(wanted.line_roles), Cutter(parameters.stop_words)
    words, mixed = [], []
    for text, pieces, own in zip(texts, parts(texts), by_posting, strict=True):
        kept = [(start, end) for start, end, role in pieces if role in roles]
        plain, both = cutter.cut(text, kept, own)
        words.append(plain)
        mixed.append(both)
    held_out = [zlib.crc32(posting_id.encode()) % wanted.held_out_one_in == fold for posting_id in ids]
    return Corpus(
        posting_ids=tuple(ids),
        texts=tuple(texts),
        words=tuple(words),
        mixed=tuple(mixed),
        mentions=by_posting,
        skills=skills,
        held_out=np.array(held_out),
        digest=_digest(ids, texts, skills, by_posting),
        taxonomy_version=_taxonomy_version(folder),
        fold=fold,
    )


def first_postings(corpus: Corpus, count: int) -> Corpus:
    """Return the corpus of the first postings by id, skills counted anew, under a digest of its own."""
    mentions = corpus.mentions[:count]
    counts = Counter(skill for own in corpus.skill_sets[:count] for skill in own)
    skills = tuple(replace(skill, postings=counts[at]) for at, skill in enumerate(corpus.skills))
    ids, texts = corpus.posting_ids[:count], corpus.texts[:count]
    return replace(
        corpus,
        posting_ids=ids,
        texts=texts,
        words=corpus.words[:count],
        mixed=corpus.mixed[:count],
        mentions=mentions,
        skills=skills,
        held_out=corpus.held_out[:count],
        digest=_digest(ids, texts, skills, mentions),
    )


def _check_fold(fold: int, *, of: int) -> None:
    if not 0 <= fold < of:
        raise ParameterError(
            f"没有第 {fold} 份留出的岗位；可选 0 至 {of - 1}。",
            f"There is no part {fold} to hold out; choose from 0 to {of - 1}.",
        )


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise CorpusError(f"没有文件夹 {folder}。", f"There is no folder {folder}.")
    missing = [name for name in ("postings.parquet", "mentions.parquet") if not (folder / name).is_file()]
    if missing:
        names = "、".join(missing)
        raise CorpusError(
            f"{folder} 中没有 {names}；请先运行 {_MADE_BY} 并以其 --out 文件夹为输入。",
            f"{folder} has no {', '.join(missing)}; run {_MADE_BY} first and give the folder of its --out.",
        )


def _table(path: Path, columns: Sequence[str]) -> Any:  # a pyarrow table, which has no types
    try:
        names = pq.read_schema(path).names
        missing = [column for column in columns if column not in names]
        if missing:
            raise CorpusError(
                f"{path.name} 缺少列 {'、'.join(missing)}；它不是 {_MADE_BY} 的结果。",
                f"{path.name} lacks the columns {', '.join(missing)}; it is no result of {_MADE_BY}.",
            )
        return pq.read_table(path, columns=list(columns))
    except (OSError, pa.ArrowException) as error:
        raise CorpusError(f"无法读取 {path.name}：{error}", f"Can not read {path.name}: {error}") from error


def _mentions(
    table: Any, ids: Sequence[str]
) -> tuple[tuple[SkillFacts, ...], tuple[tuple[Mention, ...], ...]]:
    """Number the skills in the order of their ids; give each posting its mentions in order, none over another."""
    table = table.sort_by([("posting_id", "ascending"), ("start", "ascending"), ("end", "descending")])
    columns = {name: table[name].to_pylist() for name in _MENTION_COLUMNS}
    facts = {
        skill: (zh, kind)
        for skill, zh, kind in sorted(
            set(zip(columns["skill_id"], columns["skill_zh"], columns["kind"], strict=True)), reverse=True
        )
    }
    number = {skill: at for at, skill in enumerate(sorted(facts))}
    place = {posting_id: at for at, posting_id in enumerate(ids)}
    own: list[list[Mention]] = [[] for _ in ids]
    spans = (columns[name] for name in ("posting_id", "skill_id", "start", "end"))
    for posting_id, skill, start, end in zip(*spans, strict=True):
        at = place.get(posting_id)
        if at is not None and (not own[at] or start >= own[at][-1].end):
            own[at].append(Mention(number[skill], start, end))
    counts = Counter(skill for mentions in own for skill in {mention.skill for mention in mentions})
    skills = tuple(SkillFacts(skill, *facts[skill], counts[at]) for skill, at in number.items())
    return skills, tuple(map(tuple, own))


def _digest(
    ids: Sequence[str],
    texts: Sequence[str],
    skills: Sequence[SkillFacts],
    mentions: Sequence[Sequence[Mention]],
) -> str:
    digest = hashlib.sha256()
    for skill in skills:
        digest.update(f"{skill}\n".encode())
    for posting_id, text, own in zip(ids, texts, mentions, strict=True):
        digest.update(
            f"{posting_id}\0{text}\0{[tuple(mention) for mention in own]}\n".encode("utf-8", "replace")
        )
    return digest.hexdigest()[:16]


def _taxonomy_version(folder: Path) -> str:
    """Return the version of the taxonomy the mentions were found by; empty where the summary does not say."""
    try:
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(summary.get("taxonomy_version", "")) if isinstance(summary, dict) else ""
