"""A small learnt ranker over candidate entries: a linear part and one hidden layer, fitted list by list.

The loss is that of the conditional logit (McFadden, 1974): minus the logarithm of the right entry's share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy  # its parts are loaded when first asked for

__all__ = ["Candidates", "Ranker", "fit_ranker", "shares"]

_HIDDEN, _ROUNDS, _BATCH, _RATE, _DECAY, _DROPPED = 32, 16, 64, 3e-3, 1e-2, 0.2
_NETWORKS = 6
_PENALTY = 1e-2


@dataclass(frozen=True)
class Candidates:
    """Candidate entries of several titles, one row each, those of a title together."""

    features: np.ndarray
    entries: np.ndarray
    starts: np.ndarray
    """Where each title's rows begin, and the number of rows."""

    @property
    def title_of_row(self) -> np.ndarray:
        """Return for each row the number of its title."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def of(self, titles: Sequence[int] | np.ndarray) -> Candidates:
        """Return the candidates of some titles, in the order given."""
        rows = np.concatenate([np.arange(self.starts[at], self.starts[at + 1]) for at in titles])
        starts = np.concatenate([[0], np.cumsum(np.diff(self.starts)[titles])])
        return Candidates(self.features[rows], self.entries[rows], starts)


@dataclass(frozen=True)
class Ranker:
    """Weights of the ranker; `arrays` and `of_arrays` are its way to a file and back."""

    mean: np.ndarray
    spread: np.ndarray
    linear: np.ndarray
    hidden: np.ndarray
    bias: np.ndarray
    output: np.ndarray
    direct: np.ndarray
    final: np.ndarray
    """Weight of the linear part, of the networks, and the score of “none of them”."""

    def scores(self, features: np.ndarray) -> np.ndarray:
        """Return a score per row; their exponentials are in the ratio of the probabilities."""
        return np.asarray(self.parts(features) @ self.final[:2])

    def parts(self, features: np.ndarray) -> np.ndarray:
        """Return the score of the linear part and the mean one of the networks, per row."""
        inputs = ((features - self.mean) / self.spread).astype(np.float32)
        count = len(self.output)
        active = np.maximum(inputs @ np.hstack(list(self.hidden)) + self.bias.ravel(), 0)
        networks = active @ (self.output.ravel() / count) + inputs @ self.direct.mean(axis=0)
        return np.stack([inputs @ self.linear, networks], axis=1)


def shares(scores: np.ndarray, starts: np.ndarray, *, other: float) -> np.ndarray:
    """Return the probability of each row within its title; `other` is the score of “none of them”."""
    at, sizes = starts[:-1], np.diff(starts)
    highest = np.maximum(np.maximum.reduceat(scores, at), other)
    powers = np.exp(scores - np.repeat(highest, sizes))
    total = np.add.reduceat(powers, at) + np.exp(other - highest)
    return np.asarray(powers / np.repeat(total, sizes))


def fit_ranker(candidates: Candidates, right: np.ndarray, *, seed: int) -> Ranker:
    """Fit on titles whose right entry is `right` (−1 when unknown); the final weights by threefold cross-fitting."""
    titles = len(candidates.starts) - 1
    fold = np.random.default_rng(seed).permutation(titles) % 3
    held, order = [], []
    for number in range(3):
        inside, outside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        part = _fit_parts(candidates.of(inside), right[inside], seed=seed, networks=1)
        held.append(part.parts(candidates.of(outside).features))
        order.append(outside)
    order_all = np.concatenate(order)
    final = _fit_final(np.concatenate(held), candidates.of(order_all), right[order_all])
    whole = _fit_parts(candidates, right, seed=seed, networks=_NETWORKS)
    return replace(whole, final=final)


def _fit_parts(candidates: Candidates, right: np.ndarray, *, seed: int, networks: int) -> Ranker:
    mean, spread = candidates.features.mean(axis=0), candidates.features.std(axis=0) + 1e-6
    hit = candidates.entries == right[candidates.title_of_row]
    answered = np.flatnonzero(np.add.reduceat(hit, candidates.starts[:-1]))
    usable = candidates.of(answered)
    inputs = ((usable.features - mean) / spread).astype(np.float32)
    targets = usable.entries == right[answered][usable.title_of_row]
    fitted = [
        _fit_network(inputs, usable.starts, targets, seed=seed * 1000 + number) for number in range(networks)
    ]
    stacks = [np.stack([network[at] for network in fitted]) for at in range(4)]
    linear = _fit_linear(inputs, usable.starts, targets)
    return Ranker(
        mean, spread, linear, stacks[0], stacks[1], stacks[2], stacks[3], np.array([0.5, 0.5, -10.0])
    )


def _fit_linear(
    inputs: np.ndarray, starts: np.ndarray, targets: np.ndarray, *, penalty: float = _PENALTY
) -> np.ndarray:
    inputs = inputs.astype(np.float64)
    at, sizes = starts[:-1], np.diff(starts)
    wanted = inputs[targets].sum(axis=0)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = inputs @ weights
        highest = np.maximum.reduceat(scores, at)
        powers = np.exp(scores - np.repeat(highest, sizes))
        totals = np.add.reduceat(powers, at)
        gain = scores[targets].sum() - (np.log(totals) + highest).sum()
        slope = wanted - (powers / np.repeat(totals, sizes)) @ inputs
        count = len(at)
        return -gain / count + penalty * (weights @ weights) / 2, -slope / count + penalty * weights

    start = np.zeros(inputs.shape[1])
    found = scipy.optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 80})
    return np.asarray(found.x, np.float32)


def _fit_final(parts: np.ndarray, candidates: Candidates, right: np.ndarray) -> np.ndarray:
    """Weigh the parts against each other and against “none of them”, which is one more candidate of every title."""
    starts = candidates.starts
    titles = len(starts) - 1
    hit = candidates.entries == right[candidates.title_of_row]
    none = np.add.reduceat(hit, starts[:-1]) == 0
    ends = starts[1:]
    inputs = np.insert(np.c_[parts, np.zeros(len(parts))], ends, [0.0, 0.0, 1.0], axis=0)
    targets = np.insert(hit, ends, none)
    return _fit_linear(inputs, starts + np.arange(titles + 1), targets, penalty=1e-4).astype(np.float64)


Network = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _fit_network(inputs: np.ndarray, starts: np.ndarray, targets: np.ndarray, *, seed: int) -> Network:
    random = np.random.default_rng(seed)
    width, titles = inputs.shape[1], len(starts) - 1
    network: list[np.ndarray] = [
        random.normal(0, 1 / np.sqrt(width), (width, _HIDDEN)).astype(np.float32),
        np.zeros(_HIDDEN, np.float32),
        random.normal(0, 0.3 / np.sqrt(_HIDDEN), _HIDDEN).astype(np.float32),
        np.zeros(width, np.float32),
    ]
    adam = _Adam(network, steps=_ROUNDS * (titles // _BATCH + 1))
    for _ in range(_ROUNDS):
        for batch in np.array_split(random.permutation(titles), titles // _BATCH + 1):
            rows = np.concatenate([np.arange(starts[at], starts[at + 1]) for at in batch])
            sizes = np.diff(starts)[batch]
            kept = (random.random((len(rows), _HIDDEN)) >= _DROPPED).astype(np.float32) / (1 - _DROPPED)
            adam.step(_slopes(network, inputs[rows], targets[rows], sizes, kept))
    return network[0], network[1], network[2], network[3]


def _slopes(
    network: list[np.ndarray], inputs: np.ndarray, targets: np.ndarray, sizes: np.ndarray, kept: np.ndarray
) -> list[np.ndarray]:
    hidden, bias, output, direct = network
    raw = inputs @ hidden + bias
    active = np.maximum(raw, 0) * kept
    scores = active @ output + inputs @ direct
    starts = np.concatenate([[0], np.cumsum(sizes)])
    error = ((shares(scores, starts, other=-1e9) - targets) / len(sizes)).astype(np.float32)
    back = np.outer(error, output) * kept * (raw > 0)
    return [inputs.T @ back, back.sum(axis=0), active.T @ error, inputs.T @ error]


class _Adam:
    """Adam (Kingma and Ba, 2015) with decaying rate and decoupled weight decay; changes the arrays in place."""

    def __init__(self, arrays: list[np.ndarray], *, steps: int) -> None:
        self._arrays, self._steps, self._step = arrays, steps, 0
        self._first = [np.zeros_like(array) for array in arrays]
        self._second = [np.zeros_like(array) for array in arrays]

    def step(self, slopes: list[np.ndarray]) -> None:
        """Go one step down."""
        self._step += 1
        rate = _RATE * (1 - self._step / self._steps) + 1e-5
        for at, slope in enumerate(slopes):
            first, second = self._first[at], self._second[at]
            first[...] += 0.1 * (slope - first)
            second[...] += 0.001 * (slope * slope - second)
            direction = first / (1 - 0.9**self._step) / (np.sqrt(second / (1 - 0.999**self._step)) + 1e-8)
            self._arrays[at][...] -= (rate * (direction + _DECAY * self._arrays[at])).astype(np.float32)
