"""The form field for an e-mail address: its data is the canonical spelling, and people see their own."""

from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Form
from wtforms.validators import StopValidation

from app.email_address import AddressError, Reason, canonical, for_display

_WHAT_TO_DO: Final = {
    Reason.MALFORMED: _l("Check the address: it should look like name@bjuv.se."),
    Reason.HIDDEN_CHARACTER: _l("Something in it cannot be seen. Write the address anew."),
    Reason.LETTERS_BEFORE_AT: _l("Before the @ only the letters a to z reach anybody. Use such an address."),
    Reason.TOO_LONG: _l("That address is too long."),
}


class AddressField(EmailField):
    data: str

    def pre_validate(self, form: Form) -> None:
        if not self.data:
            return
        try:
            self.data = canonical(self.data)
        except AddressError as error:
            raise StopValidation(_WHAT_TO_DO[error.reason]) from error

    def _value(self) -> str:
        return for_display(self.data or "")
