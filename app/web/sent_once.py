"""The key by which a form that is sent twice makes one thing (app/models/retry.py)."""

from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from wtforms import StringField


class SentOnceFields:
    """For a form that makes something, beside its own class."""

    #: A text field that the template hides: the stored draft then includes it, so a form whose answer was lost has the
    #: same key when it is sent again after a reload.
    request_key = StringField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request_key.data:
            self.begin_anew()

    def begin_anew(self) -> None:
        """What is sent the next time is something new."""
        self.request_key.data = str(uuid4())

    def key_of(self, text: str) -> str:
        """The same key when the form is sent twice; another one when the draft has become another thing."""
        return str(uuid5(NAMESPACE_URL, f"{self.request_key.data}:{text}"))
