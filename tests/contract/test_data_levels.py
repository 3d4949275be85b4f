"""Every model declares its data level, and every field that looks personal is declared personal or says why not."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db.models import ForeignKey, Model

from zhiqiao.infra.db import DataLevel, Levels
from zhiqiao.platform.governance.models import User

PERSONAL = re.compile(
    r"(^|_)(email|phone|mobile|address|birth|birthday|gender|id_number|display_name|username|actor)"
)

#: Fields that look personal and are not, each with the reason.
NOT_PERSONAL = {
    "governance.User.last_membership": "a role of the row's own person",
}


def models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("zhiqiao.")]


def looks_personal(field: object) -> bool:
    if isinstance(field, ForeignKey) and field.related_model is User:
        return True
    return bool(PERSONAL.search(field.name)) or field.name in {"owner_id", "user_id"}


@pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)
def test_a_model_declares_levels_of_fields_that_exist(model):
    declared = model.__dict__.get("data_levels")
    assert isinstance(declared, Levels), f"{model._meta.label} declares no data_levels of its own"
    names = {field.name for field in model._meta.get_fields()}
    assert set(declared.fields) <= names, f"no such field: {set(declared.fields) - names}"


@pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)
def test_what_looks_personal_is_declared_personal(model):
    for field in model._meta.concrete_fields:
        label = f"{model._meta.label}.{field.name}"
        if looks_personal(field) and label not in NOT_PERSONAL:
            level = model.data_levels.of(field.name)
            assert level.grade >= DataLevel.PERSONAL.grade, f"{label} is {level}"


def test_the_justified_exceptions_exist():
    labels = {
        f"{model._meta.label}.{field.name}" for model in models() for field in model._meta.concrete_fields
    }
    assert set(NOT_PERSONAL) <= labels
