"""The error by which a hand-written file is refused: all its faults at once, and what the author may have meant."""

import difflib
from collections.abc import Collection


class FileError(ValueError):
    """The file is refused; nothing was changed. `faults` are whole lines for the author, in the file's order."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def did_you_mean(word: str, allowed: Collection[str]) -> str:
    """The end of a sentence about a wrong word: the allowed word that is most like it; empty when none is."""
    near = difflib.get_close_matches(word, allowed, n=1)
    return f" (did you mean {near[0]}?)" if near else ""
