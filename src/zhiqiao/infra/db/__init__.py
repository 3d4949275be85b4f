"""Bases of every table: identifiers, tenancy and data levels; holds no business rows."""

from __future__ import annotations

from zhiqiao.infra.db.levels import DataLevel, Levels, levels
from zhiqiao.infra.db.models import BaseModel, TenantModel
from zhiqiao.infra.db.scopes import ScopeFields

__all__ = ["BaseModel", "DataLevel", "Levels", "ScopeFields", "TenantModel", "levels"]
