"""Filters for form fields: they clean what people write before it is stored."""

import re

#: Control characters except tab and line ends. Nobody types them, and PostgreSQL accepts no NUL.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def one_line(text: str | None) -> str:
    """Without line ends, and with single spaces."""
    return " ".join(_CONTROL.sub("", text or "").split())


def trimmed(text: str | None) -> str:
    """Without blanks around it; paragraphs stay. Browsers send line ends as CR LF."""
    return _CONTROL.sub("", (text or "").replace("\r\n", "\n")).strip()
