"""What was released of the surveys of two stages of their own, for every browser test of a process."""

from app.models.survey import Survey
from tests.browser.later_stages import BEFORE, NOW
from tests.released_surveys import cell, make_released

_WORDS = (
    ("Gemenskap", 58, "positive"), ("Samarbete", 47, "positive"), ("Samhörighet", 31, "positive"),
    ("Otydligt", 29, "negative"), ("Samhällsbyggnadskontorsgemenskap", 26, "positive"), ("Annorlunda", 22, "neutral"),
    ("Möten", 17, "neutral"), ("Långsamt", 16, "negative"), ("Helsingborg styr", 11, "negative"),
    ("Kul", 5, "positive"),
)  # fmt: skip
#: Klippan and Örkelljunga share a cell in the second; Bjuv is so small that some of its indices stand at a limit.
_CELLS = (
    cell("bjuv", n=8, figures=(75, 25, 52)),
    cell("helsingborg", n=190, figures=(71, 58, 43)),
    cell("klippan", "orkelljunga", n=9, figures=(70, 50, 40)),
)
_CELLS_BEFORE = (
    cell("bjuv", n=12),
    cell("helsingborg", n=160),
    cell("klippan", n=9),
    cell("orkelljunga", n=6),
)


def make_results() -> None:
    """Nothing happens when another test has done it."""
    if Survey.of_stage(BEFORE) is None:
        make_released(BEFORE, _CELLS_BEFORE, figures=(64, 49, 41), words=_WORDS[:6], balance=(51, 16, 33))
        make_released(NOW, _CELLS, figures=(71, 56, 43), words=_WORDS)
