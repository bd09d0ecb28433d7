"""How the fields of a form are drawn: as WTForms does it, but with all attributes written at once. WTForms formats,
escapes and joins each of them on its own, and a form has a hundred."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape
from wtforms import Choice, Field
from wtforms.widgets import DateInput, HiddenInput, NumberInput, Select, TextArea, TextInput, TimeInput

#: The widgets of fields that are drawn here; of a choice, the options have no groups and no attributes of their own.
DRAWN = (DateInput, HiddenInput, NumberInput, Select, TextArea, TextInput, TimeInput)

_TEXTAREA = Markup("<textarea {}>\r\n{}</textarea>")
_INPUT = Markup("<input {}>")
_SELECT = Markup("<select {}>{}</select>")
_OPTION = Markup("<option {}>{}</option>")


def draw(field: Field, attributes: Mapping[str, Any]) -> Markup:
    """The field with its value and with what its checks say of it (`required`, `maxlength`), unless `attributes` say
    otherwise."""
    allowed = field.widget.validation_attrs
    checks = {name: value for name, value in vars(field.flags).items() if name in allowed}
    named = {"id": field.id, "name": field.name, **checks, **attributes}
    if isinstance(field.widget, TextArea):
        return _TEXTAREA.format(_written(named), field._value())
    if isinstance(field.widget, Select):
        options = Markup().join(map(_option, field.iter_choices()))
        return _SELECT.format(_written({"multiple": field.widget.multiple, **named}), options)
    return _INPUT.format(_written({"type": field.widget.input_type, "value": field._value(), **named}))


def _option(choice: Choice) -> Markup:
    return _OPTION.format(_written({"value": choice.value, "selected": choice.selected}), choice.label)


def _written(attributes: Mapping[str, Any]) -> Markup:
    """`name="text"` of each, in the order of their names; only the name where it is true, and nothing where false."""
    return Markup(  # noqa: S704 - the names come from forms and templates
        " ".join(
            name if text is True else f'{name}="{escape(text)}"'
            for name, text in sorted(attributes.items())
            if text is not False
        )
    )
