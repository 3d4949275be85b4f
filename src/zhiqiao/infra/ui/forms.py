"""Form fields as people and screen readers need them: label, help, error, tied together."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class ShownField:
    """A field ready for the template; `is_group` needs a fieldset with a legend."""

    id: str
    label: str
    help_text: str
    errors: tuple[str, ...]
    control: SafeString
    is_required: bool
    is_group: bool
    is_check: bool


def shown(field: BoundField) -> ShownField:
    """Return a bound field with its control tied to help and error.

    A form may name fields in `unmarked` that are needed under a condition, so that they are not called optional.
    """
    widget = field.field.widget
    is_group = isinstance(widget, (RadioSelect, CheckboxSelectMultiple))
    parts = [f"{field.auto_id}-help"] * bool(field.help_text) + [f"{field.auto_id}-error"] * bool(
        field.errors
    )
    attributes: dict[str, str | bool] = {"aria-describedby": " ".join(parts)} if parts else {}
    if field.errors:
        attributes["aria-invalid"] = "true"
    return ShownField(
        id=field.id_for_label or field.auto_id,
        label=str(field.label),
        help_text=str(field.help_text),
        errors=tuple(str(error) for error in field.errors),
        control=field.as_widget(attrs=attributes),
        is_required=field.field.required or field.name in getattr(field.form, "unmarked", ()),
        is_group=is_group,
        is_check=isinstance(widget, CheckboxInput),
    )


def summary(form: BaseForm) -> list[tuple[str, str, str]]:
    """Return the errors of a form as (field id, label, message); errors of the whole form have no id."""
    found = [("", "", str(error)) for error in form.non_field_errors()]
    for field in form.hidden_fields():
        found += [("", str(field.label), str(error)) for error in field.errors]
    for field in form.visible_fields():
        target = field.id_for_label or field.auto_id
        found += [(target, str(field.label), str(error)) for error in field.errors]
    return found


def headline(count: int) -> str:
    """Return the sentence over the errors."""
    return _("有 %(count)s 处需要改，填好的内容都还在。") % {"count": count}
