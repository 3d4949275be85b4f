"""What the composition root may use of this package; other domains learn of closed studies by the event."""

from __future__ import annotations

from zhiqiao.apps.evaluation.demo import load_demo_studies
from zhiqiao.apps.evaluation.events import WeightStudyClosed
from zhiqiao.apps.evaluation.selectors import FinalWeights, final_weights

__all__ = ["FinalWeights", "WeightStudyClosed", "final_weights", "load_demo_studies"]
