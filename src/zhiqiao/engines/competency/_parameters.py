"""The parameters and stop words of discovery, read from files; what each means is said in the file."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints  # Any: what TOML holds is checked field by field

from zhiqiao.engines.competency._errors import ParameterError

__all__ = [
    "CorpusParameters",
    "GraphParameters",
    "LdaParameters",
    "NmfParameters",
    "Parameters",
    "ResultParameters",
    "SuggestParameters",
    "VectorParameters",
    "read_parameters",
]


@dataclass(frozen=True)
class CorpusParameters:
    """What is read of the postings."""

    line_roles: tuple[str, ...]
    min_postings: int
    min_skill_postings: int
    min_word_postings: int
    max_word_share: float
    held_out_one_in: int


@dataclass(frozen=True)
class ResultParameters:
    """What is kept of a cluster."""

    top: int
    examples: int
    example_characters: tuple[int, int]
    min_cluster_skills: int


@dataclass(frozen=True)
class LdaParameters:
    """Of gensim's LdaModel."""

    passes: int
    iterations: int
    chunk_size: int
    decay: float
    alpha: str
    eta: str


@dataclass(frozen=True)
class VectorParameters:
    """Of gensim's Word2Vec and scikit-learn's KMeans."""

    size: int
    window: int
    epochs: int
    negative: int
    starts: int


@dataclass(frozen=True)
class GraphParameters:
    """Of the graph of co-occurrence and its communities."""

    neighbours: int
    smoothing: float
    runs: int
    resolutions: tuple[float, float]


@dataclass(frozen=True)
class NmfParameters:
    """Of scikit-learn's NMF."""

    iterations: int


@dataclass(frozen=True)
class SuggestParameters:
    """Which numbers of clusters are tried, with how many seeds."""

    first: int
    last: int
    step: int
    seeds: int
    min_agreement: float


@dataclass(frozen=True)
class Parameters:
    """All that discovery works by beside method, number of clusters and seed."""

    version: str
    source: str
    state: str
    corpus: CorpusParameters
    result: ResultParameters
    lda: LdaParameters
    w2v: VectorParameters
    graph: GraphParameters
    nmf: NmfParameters
    suggest: SuggestParameters
    stop_words: frozenset[str]


def read_parameters(folder: Path) -> Parameters:
    """Read `discover.toml` and `stop_words.csv` of a folder; ParameterError names file, entry and fault."""
    path = folder / "discover.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        suggest = data["suggest_k"]
        renamed = {"first": suggest["from"], "last": suggest["to"]}
        rest = {name: value for name, value in suggest.items() if name not in ("from", "to")}
        return Parameters(
            version=str(data["version"]),
            source=str(data["source"]),
            state=str(data["state"]),
            corpus=_section(CorpusParameters, "corpus", data["corpus"]),
            result=_section(ResultParameters, "result", data["result"]),
            lda=_section(LdaParameters, "lda", data["lda"]),
            w2v=_section(VectorParameters, "w2v", data["w2v"]),
            graph=_section(GraphParameters, "graph", data["graph"]),
            nmf=_section(NmfParameters, "nmf", data["nmf"]),
            suggest=_section(SuggestParameters, "suggest_k", renamed | rest),
            stop_words=_stop_words(folder / "stop_words.csv"),
        )
    except KeyError as error:
        raise _fault(path, f"缺少 {error}", f"{error} is missing") from error
    except (OSError, ValueError) as error:
        raise _fault(path, str(error), str(error)) from error


Section = TypeVar("Section")


def _section(kind: type[Section], name: str, values: Mapping[str, Any]) -> Section:
    hints = get_type_hints(kind)
    wrong = sorted(set(values) ^ set(hints))
    if wrong:
        raise ValueError(f"[{name}]: {', '.join(wrong)}")
    read: dict[str, Any] = {}
    for field, hint in hints.items():
        value = values[field]
        value = tuple(value) if isinstance(value, list) else value
        value = float(value) if hint is float and isinstance(value, int) else value
        if isinstance(value, bool) or not isinstance(value, getattr(hint, "__origin__", hint)):
            raise ValueError(f"[{name}] {field} = {value!r}")
        read[field] = value
    return kind(**read)


def _stop_words(path: Path) -> frozenset[str]:
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if tuple(reader.fieldnames or ()) != ("text", "kind"):
            raise _fault(path, "表头应为 text,kind", "the header must be text,kind")
        return frozenset(row["text"] for row in reader)


def _fault(path: Path, zh: str, en: str) -> ParameterError:
    return ParameterError(f"{path.name}：{zh}", f"{path.name}: {en}")
