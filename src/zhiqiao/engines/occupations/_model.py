"""The fitted coder: titles in, the best five codes with probabilities out; and its file."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from zhiqiao.engines.occupations._errors import ModelError
from zhiqiao.engines.occupations._features import Features
from zhiqiao.engines.occupations._forms import Forms
from zhiqiao.engines.occupations._known import Known
from zhiqiao.engines.occupations._lexical import Lexicon
from zhiqiao.engines.occupations._meaning import Meaning
from zhiqiao.engines.occupations._ranking import Candidates, Ranker, shares
from zhiqiao.engines.occupations._text import fold_title
from zhiqiao.engines.occupations._values import Coded, KnownTitle, LabelledTitle, Occupation
from zhiqiao.engines.occupations._vectors import one_thread

__all__ = ["OccupationModel", "load"]

_FORMAT = 2
_BROKEN = (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, EOFError, zipfile.BadZipFile)
_LARGEST = 256 * 1024**2
_BATCH = 128
_CACHED = 200_000
#: How much a description may say against a title, in units of the logarithm of odds; set by hand, for no labelled
#: descriptions exist to fit it.
_DESCRIPTION_WEIGHT = 2.0
_PLACES = 4


class OccupationModel:
    """Codes titles; the same title always gets the same answer."""

    def __init__(
        self,
        entries: Sequence[Occupation],
        titles: Sequence[LabelledTitle],
        *,
        ranker: Ranker,
        weights: np.ndarray,
        corrections: Sequence[LabelledTitle] = (),
        features: Features | None = None,
    ) -> None:
        self.entries, self.titles, self.corrections = tuple(entries), tuple(titles), tuple(corrections)
        self._ranker, self._weights = ranker, weights
        self._at = {entry.code: number for number, entry in enumerate(entries)}
        self._features = features or self._rebuilt()
        self._corrected = {fold_title(row.title): row.code for row in corrections if row.code in self._at}
        self._cache: dict[str, Coded] = {}

    @property
    def version(self) -> str:
        """Return a digest of all that an answer depends on."""
        digest = hashlib.sha256(self._text().encode())
        for array in self._arrays().values():
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:12]

    def code(
        self, titles: Sequence[str], descriptions: Sequence[str] | None = None, *, top: int = 5
    ) -> list[Coded]:
        """Return the best codes of each title, by its description too where one is given; none for an empty title."""
        if descriptions is None:
            return self._code_titles(titles, top)
        coded = []
        for start in range(0, len(titles), _BATCH):
            part = [fold_title(title) for title in titles[start : start + _BATCH]]
            coded += self._code(part, descriptions[start : start + _BATCH], top)
        return coded

    def code_titles(self, titles: Sequence[str]) -> tuple[list[str | None], list[float | None]]:
        """Return the best code and its probability for each title; None for an empty one."""
        coded = self.code(titles, top=1)
        codes = [one.codes[0] if one.codes else None for one in coded]
        return codes, [one.scores[0] if one.scores else None for one in coded]

    def nearest(self, title: str, *, count: int = 5) -> list[KnownTitle]:
        """Return the known titles most like this one, the likest first."""
        similarity = self._features.known.similarity(Forms([fold_title(title)]))[0]
        best = np.argsort(-similarity, kind="stable")[:count]
        return [
            KnownTitle(self.titles[at].title, self.titles[at].code, round(float(similarity[at]), _PLACES))
            for at in best
            if similarity[at] > 0
        ]

    def corrected(self, corrections: Sequence[LabelledTitle]) -> OccupationModel:
        """Return the same model with these corrections in place of its own; codes it does not know are left out."""
        return OccupationModel(
            self.entries,
            self.titles,
            ranker=self._ranker,
            weights=self._weights,
            corrections=[row for row in corrections if row.code in self._at],
            features=self._features,
        )

    def save(self, path: Path) -> None:
        """Write the model; the same model always gives the same bytes."""
        document = np.frombuffer(self._text().encode(), np.uint8)
        with path.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, document=document, **self._arrays())

    def _rebuilt(self) -> Features:
        """Return what follows from the entries and titles alone, and is therefore in no file."""
        folded = [fold_title(row.title) for row in self.titles]
        labels = np.array([self._at[row.code] for row in self.titles])
        lexicon = Lexicon(self.entries, background=folded)
        with one_thread():
            meaning = Meaning(lexicon.documents)
        known = Known(folded, labels, codes=list(self._at), meaning=meaning, weights=self._weights)
        return Features(lexicon, meaning, known)

    def _code_titles(self, titles: Sequence[str], top: int) -> list[Coded]:
        folded = [fold_title(title) for title in titles]
        fresh = sorted({title for title in folded if title not in self._cache})
        if len(self._cache) + len(fresh) > _CACHED:
            self._cache.clear()
            fresh = sorted(set(folded))
        for start in range(0, len(fresh), _BATCH):
            part = fresh[start : start + _BATCH]
            self._cache.update(zip(part, self._code(part, None, 5), strict=True))
        if top > 5:
            return self._code(folded, None, top)
        return [_first(self._cache[title], top) for title in folded]

    def _code(self, folded: Sequence[str], descriptions: Sequence[str] | None, top: int) -> list[Coded]:
        kept = [at for at, title in enumerate(folded) if title]
        answers = [Coded((), (), ()) for _ in folded]
        if not kept:
            return answers
        texts = [folded[at] for at in kept]
        with one_thread():
            candidates = self._features.candidates(texts)
            scores = self._ranker.scores(candidates.features)
        if descriptions is not None:
            scores = scores + self._described(candidates, [descriptions[at] for at in kept])
        chances = shares(scores, candidates.starts, other=float(self._ranker.final[2]))
        for number, at in enumerate(kept):
            rows = slice(candidates.starts[number], candidates.starts[number + 1])
            answers[at] = self._answer(texts[number], candidates.entries[rows], chances[rows], top)
        return answers

    def _described(self, candidates: Candidates, descriptions: Sequence[str]) -> np.ndarray:
        """Return what descriptions add to the scores: at most the weight, for the entry they fit best."""
        fit = self._features.lexicon.description_evidence(descriptions)
        rows = fit[candidates.title_of_row, candidates.entries]
        highest = np.maximum.reduceat(rows, candidates.starts[:-1])
        return np.asarray(_DESCRIPTION_WEIGHT * rows / np.maximum(highest, 0.2)[candidates.title_of_row])

    def _answer(self, title: str, entries: np.ndarray, chances: np.ndarray, top: int) -> Coded:
        order = np.argsort(-chances, kind="stable")[:top]
        found = [(self.entries[entries[at]], round(float(chances[at]), _PLACES)) for at in order]
        code = self._corrected.get(title)
        if code is not None:
            entry = self.entries[self._at[code]]
            found = [(entry, 1.0), *((other, 0.0) for other, _ in found if other is not entry)][:top]
        return Coded(
            tuple(entry.code for entry, _ in found),
            tuple(score for _, score in found),
            tuple(entry.name for entry, _ in found),
            corrected=code is not None,
        )

    def _text(self) -> str:
        return json.dumps(
            {
                "format": _FORMAT,
                "entries": [asdict(entry) for entry in self.entries],
                "titles": [[row.title, row.code] for row in self.titles],
                "corrections": [[row.title, row.code] for row in self.corrections],
            },
            ensure_ascii=False,
        )

    def _arrays(self) -> dict[str, np.ndarray]:
        ranker = {f"ranker_{name}": getattr(self._ranker, name) for name in Ranker.__dataclass_fields__}
        return {"weights": self._weights, **ranker}


def load(path: Path) -> OccupationModel:
    """Read a model, also one from an untrusted hand: only numbers and JSON are read, nothing is run.

    Raises ModelError when the file is no model, damaged, of another version or far too large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > _LARGEST:
            raise _fault("过大", "too large")
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        return _built(json.loads(arrays.pop("document").tobytes()), arrays)
    except ModelError:
        raise
    except _BROKEN as error:
        raise _fault("不是职业编码模型，或已损坏", "is no occupation model, or is damaged") from error


def _built(document: dict[str, object], arrays: dict[str, np.ndarray]) -> OccupationModel:
    if document["format"] != _FORMAT:
        raise _fault("是另一版本的，请重新训练", "is of another version; fit it again")
    entries = document["entries"]
    titles, corrections = document["titles"], document["corrections"]
    assert isinstance(entries, list)
    assert isinstance(titles, list)
    assert isinstance(corrections, list)
    if not all(np.issubdtype(array.dtype, np.floating) for array in arrays.values()):
        raise ValueError
    model = OccupationModel(
        [Occupation(**{**entry, "aliases": tuple(entry["aliases"])}) for entry in entries],
        [LabelledTitle(str(title), str(code)) for title, code in titles],
        ranker=Ranker(**{name: arrays[f"ranker_{name}"] for name in Ranker.__dataclass_fields__}),
        weights=arrays["weights"],
        corrections=[LabelledTitle(str(title), str(code)) for title, code in corrections],
    )
    model.code(["试"])  # arrays of the wrong shape show here, not when the first person asks
    return model


def _fault(zh: str, en: str) -> ModelError:
    return ModelError(f"该文件{zh}。", f"The file {en}.")


def _first(coded: Coded, top: int) -> Coded:
    return Coded(coded.codes[:top], coded.scores[:top], coded.names[:top], coded.corrected)
