"""What other packages may use of teaching."""

from __future__ import annotations

from zhiqiao.apps.teaching.demo import load_demo_plans
from zhiqiao.apps.teaching.events import TrainingPlanInForce

__all__ = ["TrainingPlanInForce", "load_demo_plans"]
