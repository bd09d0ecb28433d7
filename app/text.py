"""Text that comes from outside: made fit to be stored and shown."""

import re
from typing import Final

#: Control characters except tab and line ends. Nobody types them, and PostgreSQL accepts no NUL.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def foreign(text: str | bytes, longest: int = 300) -> str:
    """What another system said (a push service, a mail server), as one line that any database stores: without control
    characters and lone surrogates, and at most `longest` characters."""
    # Cut first, so that an answer of megabytes costs nothing.
    text = text[: longest * 4]
    if isinstance(text, str):
        text = text.encode("utf-8", "replace")
    line = _CONTROL.sub(" ", text.decode("utf-8", "replace"))
    return " ".join(line.split())[:longest]
