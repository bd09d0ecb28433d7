"""What people write, before it is kept: filters for the forms' fields."""

import re

#: Control characters but tab and line ends. Nobody types them, and PostgreSQL takes no NUL.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def one_line(text: str | None) -> str:
    """Without line ends, and with single spaces."""
    return " ".join(_CONTROL.sub("", text or "").split())


def trimmed(text: str | None) -> str:
    """Paragraphs stay; browsers send line ends as CR LF."""
    return _CONTROL.sub("", (text or "").replace("\r\n", "\n")).strip()
