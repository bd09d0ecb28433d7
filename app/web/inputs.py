"""How the fields of a form are drawn: as WTForms does it, but with all attributes written at once. WTForms formats,
escapes and joins each of them on its own, and a form has a hundred."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape
from wtforms import Choice, Field
from wtforms.widgets import DateInput, HiddenInput, NumberInput, Select, TextArea, TextInput, TimeInput

#: The widgets of fields that are drawn here; of a choice, the options have no groups and no attributes of their own.
DRAWN = (DateInput, HiddenInput, NumberInput, Select, TextArea, TextInput, TimeInput)


def draw(field: Field, attributes: Mapping[str, Any]) -> Markup:
    """The field with its value and with what its checks say of it (`required`, `maxlength`), unless `attributes` say
    otherwise."""
    allowed = field.widget.validation_attrs
    checks = {name: value for name, value in vars(field.flags).items() if name in allowed}
    named = {"id": field.id, "name": field.name, **checks, **attributes}
    if isinstance(field.widget, TextArea):
        return _element("textarea", named, f"\r\n{escape(field._value())}")
    if isinstance(field.widget, Select):
        options = "".join(map(_option, field.iter_choices()))
        return _element("select", {"multiple": field.widget.multiple, **named}, options)
    written = _written({"type": field.widget.input_type, "value": field._value(), **named})
    return Markup(f"<input {written}>")  # noqa: S704 - its attributes are escaped


def _option(choice: Choice) -> Markup:
    return _element("option", {"value": choice.value, "selected": choice.selected}, escape(choice.label))


def _element(tag: str, attributes: Mapping[str, Any], markup: str) -> Markup:
    return Markup(f"<{tag} {_written(attributes)}>{markup}</{tag}>")  # noqa: S704 - the caller has escaped the rest


def _written(attributes: Mapping[str, Any]) -> str:
    """`name="text"` of each, in the order of their names; only the name where it is true, and nothing where false."""
    return " ".join(
        name if text is True else f'{name}="{escape(text)}"'  # the names come from forms and templates
        for name, text in sorted(attributes.items())
        if text is not False
    )
