"""Recall and precision of duplicate finding on injected edits of real postings: `zhiqiao bench duplicates`.

`python bench/duplicates.py --pairs 100` prints near pairs found among the real postings themselves, to be read.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import rjieba

from zhiqiao.engines import jobmining, tabular
from zhiqiao.engines.jobmining import RawBatch, RowCleaner, Rules, find_duplicates
from zhiqiao.engines.jobmining._intake import batches, open_source
from zhiqiao.engines.jobmining._pipeline import prints_of as engine_prints
from zhiqiao.packs import common_file, folder

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "jobs"
FILES = ("it4cities_2019.csv.gz", "horticulture_2020.csv.gz")
SAMPLE, SEED = 2_400, 20_261_121
_ITEM = re.compile(r"(?<=[；;。\n])|(?<=[^0-9.])(?=[1-9][0-9]?[、.．])(?![0-9]+[.][0-9])")


@dataclass(frozen=True)
class Posting:
    """What an edit may change; the place stays."""

    title: str
    company: str
    city: str
    text: str


Edit = Callable[[Posting, random.Random], Posting]


def items(text: str) -> list[str]:
    return [part for part in _ITEM.split(text) if part.strip()]


def contact(posting: Posting, chance: random.Random) -> Posting:
    line = chance.choice(["联系人：王经理 电话：{}", "有意者请致电{}，微信同号", "HR QQ：{}，欢迎咨询"])
    return replace(
        posting, text=f"{posting.text}\n{line.format(chance.randrange(13_000_000_000, 13_999_999_999))}"
    )


def agency(posting: Posting, chance: random.Random) -> Posting:
    name = chance.choice(["锦程人力资源有限公司", "智联英才服务中心", "前途猎头顾问"])
    head = chance.choice(["【客户直招】", "某知名企业急聘，", "代招："])
    text = f"{head}\n{posting.text}\n本职位由{name}代为招聘，有意者请投递简历。"
    return replace(posting, company=name, title=f"急聘{posting.title}", text=text)


def agency_name_only(posting: Posting, chance: random.Random) -> Posting:
    return replace(posting, company=chance.choice(["锦程人力资源有限公司", "前途猎头顾问"]))


def reordered(posting: Posting, chance: random.Random) -> Posting:
    parts = items(posting.text)
    chance.shuffle(parts)
    return replace(posting, text="".join(parts))


def reformatted(posting: Posting, _chance: random.Random) -> Posting:
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if chr(code).isalnum()}
    text = "<br/>\n".join(f"<li>{part.upper().translate(wide)}</li>&nbsp;" for part in items(posting.text))
    return replace(posting, text=f"<p>{text.replace('，', ' , ')}</p>")


def appended(posting: Posting, chance: random.Random) -> Posting:
    sentences = [
        "公司提供五险一金、带薪年假、节日福利。",
        "工作时间周一至周五，周末双休。",
        "欢迎优秀应届毕业生加入我们的团队。",
    ]
    return replace(posting, text=f"{posting.text}\n{chance.choice(sentences)}")


def words_changed(posting: Posting, chance: random.Random, *, count: int = 3) -> Posting:
    words = rjieba.cut(posting.text)
    places = [at for at, word in enumerate(words) if len(word) > 1]
    for at in chance.sample(places, min(count, len(places))):
        words[at] = chance.choice(["相关", "主要", "工作", "进行", "能力", "系统", "熟练", "客户"])
    return replace(posting, text="".join(words))


def item_dropped(posting: Posting, chance: random.Random) -> Posting:
    parts = items(posting.text)
    if len(parts) > 2:
        del parts[chance.randrange(1, len(parts) - 1)]
    return replace(posting, text="".join(parts))


def several(posting: Posting, chance: random.Random) -> Posting:
    return reformatted(contact(reordered(posting, chance), chance), chance)


EDITS: dict[str, Edit] = {
    "re-posted": lambda posting, _: posting,
    "other contact line": contact,
    "other company name": agency_name_only,
    "agency: other name, lines before and behind": agency,
    "items reordered": reordered,
    "markup, width, case, spaces": reformatted,
    "sentence appended": appended,
    "three words changed": words_changed,
    "reordered, other contact line, markup": several,
    "one middle item dropped": item_dropped,
}
ASKED = [name for name in EDITS if name != "one middle item dropped"]


def read() -> list[Posting]:
    """Return the postings of the two files with a text."""
    vocabulary = tabular.read_vocabulary(common_file("intake", "posting_columns.csv"))
    found: list[Posting] = []
    for name in FILES:
        source = open_source(jobmining.Input(DATA / name), vocabulary=vocabulary)
        for batch in batches(source, batch_rows=4096):
            columns = [
                [value or "" for value in batch.raw.cells[field].to_pylist()]
                for field in ("title", "company", "city", "text")
            ]
            found += [Posting(*row) for row in zip(*columns, strict=True) if row[3].strip()]
    return found


def prints_of(postings: Sequence[Posting], cleaner: RowCleaner, rules: Rules, *, prefix: str) -> pa.Table:
    """Return fingerprints made by the steps of a real run."""
    tables = []
    for start in range(0, len(postings), 2048):
        part = postings[start : start + 2048]
        cells = {
            field: pa.array([getattr(posting, field) for posting in part], type=pa.string())
            for field in ("title", "company", "city", "text")
        }
        cells["id"] = pa.array([f"{prefix}{start + number}" for number in range(len(part))])
        numbers = pa.array(range(start, start + len(part)), type=pa.int64())
        cleaned = cleaner.clean(RawBatch(prefix, numbers, cells))
        assert not cleaned.rejections, cleaned.rejections[:3]
        tables.append(engine_prints(cleaned.postings, cleaned, rules))
    return pa.Table.from_batches(tables)


def judged(base: pa.Table, copies: pa.Table, originals: Sequence[str], rules: Rules) -> dict[str, float]:
    """Return recall and precision of finding each copy's original among all base postings."""
    joined = pa.concat_tables([base, copies])
    found = [
        item for item in find_duplicates(joined, thresholds=rules.thresholds) if item.row >= base.num_rows
    ]
    right = sum(item.duplicate_of == originals[item.row - base.num_rows] for item in found)
    return {
        "recall": round(right / len(originals), 4),
        "precision": round(right / len(found), 4) if found else 1.0,
    }


def half_replaced(posting: Posting, other: Posting) -> Posting:
    """Make another job out of a template: same title, company and place, every second item another's."""
    own, theirs = items(posting.text), items(other.text)
    mixed = [theirs[at % len(theirs)] if at % 2 and theirs else part for at, part in enumerate(own)]
    return replace(posting, text="".join(mixed) if len(own) > 1 else other.text)


def other_job(posting: Posting, other: Posting) -> Posting:
    """Make another job of the same company: title and text are another's."""
    return replace(other, company=posting.company, city=posting.city)


NEGATIVES = {"half of the items another posting's": half_replaced, "another job, same company": other_job}


def false_alarms(base: pa.Table, negatives: pa.Table, originals: Sequence[str], rules: Rules) -> float:
    """Return the share of other jobs that are taken for copies of the posting they were made from."""
    joined = pa.concat_tables([base, negatives])
    found = find_duplicates(joined, thresholds=rules.thresholds)
    wrong = sum(
        item.row >= base.num_rows and item.duplicate_of == originals[item.row - base.num_rows]
        for item in found
    )
    return round(wrong / len(originals), 4)


def measure(*, skip: int = SAMPLE) -> dict[str, object]:
    """Inject every edit into a seeded sample; the thresholds were looked for on the sample with skip 0."""
    if not (DATA / FILES[0]).exists():
        return {"skipped": "no development postings on this machine"}
    rules = jobmining.read_rules(folder("common", "jobmining"))
    cleaner = RowCleaner(rules, roles=jobmining.RoleBook(), reference_date=None)
    postings = read()
    prints = prints_of(postings, cleaner, rules, prefix="p")
    began = time.process_time()
    copies = {item.row for item in find_duplicates(prints, thresholds=rules.thresholds)}
    seconds = time.process_time() - began
    kept = [row for row in range(len(postings)) if row not in copies]
    base = prints.take(pa.array(kept))
    chance = random.Random(SEED)
    sample = chance.sample(kept, 2 * SAMPLE)[skip : skip + SAMPLE]
    originals = [f"p{row}" for row in sample]
    figures: dict[str, dict[str, float]] = {}
    for name, edit in EDITS.items():
        edited = [edit(postings[row], random.Random(f"{SEED}{name}{row}")) for row in sample]
        figures[name] = judged(base, prints_of(edited, cleaner, rules, prefix="c"), originals, rules)
    alarms: dict[str, float] = {}
    for name, change in NEGATIVES.items():
        made = [change(postings[row], postings[chance.choice(kept)]) for row in sample]
        alarms[name] = false_alarms(base, prints_of(made, cleaner, rules, prefix="n"), originals, rules)
    return {
        "postings": len(postings),
        "natural_duplicates": len(copies),
        "sample": len(sample),
        "compare_cpu_seconds": round(seconds, 2),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "edits": figures,
        "other_jobs_taken_for_copies": alarms,
        "lowest_recall_asked": min(figures[name]["recall"] for name in ASKED),
        "lowest_precision": min(figure["precision"] for figure in figures.values()),
    }


def show_pairs(count: int) -> None:
    """Print a seeded draw of near pairs among the real postings, one JSON object a line."""
    rules = jobmining.read_rules(folder("common", "jobmining"))
    cleaner = RowCleaner(rules, roles=jobmining.RoleBook(), reference_date=None)
    postings = read()
    prints = prints_of(postings, cleaner, rules, prefix="p")
    near = [item for item in find_duplicates(prints, thresholds=rules.thresholds) if item.kind == "near"]
    for item in random.Random(SEED).sample(near, min(count, len(near))):
        pair = [vars(postings[row]) for row in (int(item.duplicate_of[1:]), item.row)]
        print(json.dumps({"similarity": item.similarity, "pair": pair}, ensure_ascii=False))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, metavar="N")
    parser.add_argument("--skip", type=int, default=SAMPLE)
    given = parser.parse_args()
    if given.pairs:
        show_pairs(given.pairs)
    else:
        print(json.dumps(measure(skip=given.skip), ensure_ascii=False, indent=2))
