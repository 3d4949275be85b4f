"""Weights of indicators: from comparisons, from rounds of experts, from data; how steady and how agreed they are."""

from __future__ import annotations

from zhiqiao.engines.weights._agreement import Agreement, cohen_kappa, fleiss_kappa, icc
from zhiqiao.engines.weights._ahp import (
    Incomplete,
    Judgement,
    Priorities,
    RandomIndex,
    best_change,
    judgements,
    priorities,
    read_random_index,
)
from zhiqiao.engines.weights._combine import (
    Combined,
    combine_geometric,
    combine_least_deviation,
    combine_linear,
    combine_product,
)
from zhiqiao.engines.weights._concordance import Concordance, concordance
from zhiqiao.engines.weights._delphi import convergence, delphi, importance_weights
from zhiqiao.engines.weights._delphi_values import (
    Advice,
    Answer,
    Authority,
    Convergence,
    DelphiResult,
    DelphiRules,
    ItemChange,
    ItemResult,
    RoundResult,
    read_delphi_rules,
)
from zhiqiao.engines.weights._errors import (
    ImpossibleWeights,
    IncompleteJudgements,
    InputError,
    MissingValues,
    NoRandomIndex,
    NotConnected,
    Problem,
    TooFewAnswers,
    Undetermined,
    UnknownWeights,
    WeightsError,
)
from zhiqiao.engines.weights._feedback import Feedback, FeedbackLine, feedback, feedback_text
from zhiqiao.engines.weights._group import GroupPriorities, Spread, group_priorities
from zhiqiao.engines.weights._hierarchy import GlobalWeight, HierarchyWeights, hierarchy
from zhiqiao.engines.weights._known import Bounds, KnownWeights
from zhiqiao.engines.weights._objective import (
    DecisionMatrix,
    ObjectiveWeights,
    critic_weights,
    decision_matrix,
    entropy_weights,
)
from zhiqiao.engines.weights._pairwise import PairwiseMatrix, from_judgements, pairwise_matrix
from zhiqiao.engines.weights._reading import read_answers, read_decision_matrix, read_judgements
from zhiqiao.engines.weights._sensitivity import Room, Sensitivity, Shifted, Swap, rescaled, sensitivity

__all__ = [
    "Advice",
    "Agreement",
    "Answer",
    "Authority",
    "Bounds",
    "Combined",
    "Concordance",
    "Convergence",
    "DecisionMatrix",
    "DelphiResult",
    "DelphiRules",
    "Feedback",
    "FeedbackLine",
    "GlobalWeight",
    "GroupPriorities",
    "HierarchyWeights",
    "ImpossibleWeights",
    "Incomplete",
    "IncompleteJudgements",
    "InputError",
    "ItemChange",
    "ItemResult",
    "Judgement",
    "KnownWeights",
    "MissingValues",
    "NoRandomIndex",
    "NotConnected",
    "ObjectiveWeights",
    "PairwiseMatrix",
    "Priorities",
    "Problem",
    "RandomIndex",
    "Room",
    "RoundResult",
    "Sensitivity",
    "Shifted",
    "Spread",
    "Swap",
    "TooFewAnswers",
    "Undetermined",
    "UnknownWeights",
    "WeightsError",
    "best_change",
    "cohen_kappa",
    "combine_geometric",
    "combine_least_deviation",
    "combine_linear",
    "combine_product",
    "concordance",
    "convergence",
    "critic_weights",
    "decision_matrix",
    "delphi",
    "entropy_weights",
    "feedback",
    "feedback_text",
    "fleiss_kappa",
    "from_judgements",
    "group_priorities",
    "hierarchy",
    "icc",
    "importance_weights",
    "judgements",
    "pairwise_matrix",
    "priorities",
    "read_answers",
    "read_decision_matrix",
    "read_delphi_rules",
    "read_judgements",
    "read_random_index",
    "rescaled",
    "sensitivity",
]
