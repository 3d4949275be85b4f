"""How well skills are found, from the fitted model's own record, written into docs/models/jobmining.md."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from zhiqiao.engines import jobmining
from zhiqiao.packs import folder

_ROOT = Path(__file__).parents[1]
_PAGE = _ROOT / "docs" / "models" / "jobmining.md"
_BEGIN, _END = "<!-- measured: written by `make bench` -->", "<!-- end of measured -->"
_LEARNED = folder("common", "jobmining", "learned")
_YEARS = {"it4cities_2019": "information technology, 2019", "horticulture_2020": "horticulture, 2020"}


def measure() -> dict[str, object]:
    """Return the figures and write them into the page; the development set is scored where it is at hand."""
    facts = json.loads((_LEARNED / "model.json").read_text(encoding="utf-8"))
    jobs = Path(os.environ.get("ZHIQIAO_SHARED", _ROOT.parent / "shared" / "data" / "jobs"))
    gold = jobs / "skills_gold_dev.jsonl"
    development = _development(gold) if gold.exists() else None
    before, rest = _PAGE.read_text(encoding="utf-8").split(_BEGIN)
    _, after = rest.split(_END)
    page = f"{before}{_BEGIN}\n\n{_text(facts, development)}\n{_END}{after}"
    _PAGE.write_text(page, encoding="utf-8")
    return {
        "turns": facts["figures"]["shipped"],
        "development": development or "skills_gold_dev.jsonl is not here",
    }


def _development(path: Path) -> dict[str, dict[str, float]]:
    """Score the development set, by source, dictionary alone and with the learned stage (which was fitted on it)."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    batch = pa.record_batch(
        {"posting_id": [row["id"] for row in rows], "text": [row["text"] for row in rows]}
    )
    known = {
        "taxonomy": jobmining.read_taxonomy(folder("common", "skills")),
        "rules": jobmining.read_rules(folder("common", "jobmining")),
    }
    stages = {"dictionary": None, "with the learned stage": jobmining.read_learned(_LEARNED)}
    figures: dict[str, dict[str, float]] = {}
    for name, stage in stages.items():
        found: dict[str, set[str]] = defaultdict(set)
        for mention in jobmining.mine_batch(batch, learned=stage, **known).to_pylist():
            found[mention["posting_id"]].add(mention["surface"])
        for source in ("", *_YEARS):
            chosen = [row for row in rows if row["src"].startswith(source)]
            figures[f"{name}, {_YEARS.get(source, 'all')}"] = _score(chosen, found)
    return figures


def _score(rows: list[dict[str, Any]], found: dict[str, set[str]]) -> dict[str, float]:  # Any: JSON
    both = wanted = had = 0
    for row in rows:
        surfaces = {skill["s"] for skill in row["skills"]}
        both += len(surfaces & found[row["id"]])
        wanted += len(surfaces)
        had += len(found[row["id"]])
    precision, recall = both / max(1, had), both / max(1, wanted)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {"precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


def _text(facts: dict[str, Any], development: dict[str, dict[str, float]] | None) -> str:  # Any: JSON
    trained, figures = facts["trained_on"], facts["figures"]
    lines = [
        f"Model of {facts['date']}, fitted on {trained['development_postings']} development postings, "
        f"{trained['labelled_postings']} postings labelled for training, {trained['synthetic_postings']} synthetic "
        f"postings and {trained['other_postings']} others; "
        f"taxonomy {trained['taxonomy_version']}, rules {trained['rules_version']}.",
        "",
        "Distinct surfaces per posting. In turns over the labelled postings: those measured are not among those fitted",
        "on, and the dictionary was not made for them.",
        "",
        "| in turns | precision | recall | F1 |",
        "|---|---|---|---|",
        *(
            f"| {stage}, {_YEARS.get(name, name)} | {_row(figures[key][name])} |"
            for key, stage in (("dictionary", "dictionary alone"), ("shipped", "as shipped"))
            for name in ("all", "all, folded", *_YEARS)
        ),
        "",
        "| kind | recall, dictionary alone | as shipped |",
        "|---|---|---|",
        *(
            f"| {kind} | {figures['dictionary']['recall_by_kind'][kind]} | {value} |"
            for kind, value in figures["shipped"]["recall_by_kind"].items()
        ),
        "",
        f"Of the learned mentions alone {figures['shipped']['learned_precision']} are right.",
        "",
        *(
            f"Most often {name} (in turns, with how often): {'; '.join(examples[:15])}."
            for name, examples in figures["confusions"].items()
        ),
    ]
    if development:
        lines += [
            "",
            "| development set (tuned and fitted on it) | precision | recall | F1 |",
            "|---|---|---|---|",
            *(f"| {name} | {_row(figure)} |" for name, figure in development.items()),
        ]
    return "\n".join(lines) + "\n"


def _row(figure: dict[str, float]) -> str:
    return " | ".join(f"{figure[name]:.3f}" for name in ("precision", "recall", "f1"))
