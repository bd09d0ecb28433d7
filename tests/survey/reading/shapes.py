"""Drawn again from the figures that are read beside them, shapes must be the same to the last attribute."""

from tests.survey.reading.facts import UnreadError
from tests.survey.reading.tree import Element

_Shape = list[tuple[str, dict[str, str]]]
_Shares = list[tuple[str, int]]


def demand_dots(drawn: Element, now: int, before: int | None, own: int | None) -> None:
    """Indices on a line of 284, with room for the dots at both ends."""
    shape: _Shape = [
        ("svg", {"class": "db", "viewbox": "0 0 300 16", "aria-hidden": "true"}),
        ("rect", {"class": "tr", "y": "6", "width": "300", "height": "4", "rx": "2"}),
    ]
    if own is not None:
        shape.append(("path", {"class": "sq", "d": f"M{round(own * 2.84 + 2, 1)} 2h12v12h-12z"}))
    at = _along(now)
    if before is not None:
        was = _along(before)
        bar = {"x": str(min(at, was)), "y": "6", "width": str(round(abs(at - was), 1)), "height": "4"}
        shape.append(("rect", {"class": "fill", **bar}))
        shape.append(("circle", {"class": "o", "cx": str(was), "cy": "8", "r": "5.5"}))
    shape.append(("circle", {"class": "fill", "cx": str(at), "cy": "8", "r": "8"}))
    _demand(drawn, shape)


def demand_bar(drawn: Element, css: str, label: str, shares: _Shares) -> None:
    """Shares side by side, with a gap between."""
    outer = {"viewbox": "0 0 100 8", "preserveaspectratio": "none", "role": "img", "aria-label": label}
    shape: _Shape = [("svg", outer | ({"class": css} if css else {}))]
    total, so_far = sum(share for _sentiment, share in shares), 0.0
    for place, (sentiment, share) in enumerate(shares, 1):
        width = share / total * 100
        seen = width if place == len(shares) else max(width - 0.8, 0)
        at = "0" if place == 1 else str(round(so_far, 2))
        shape.append(("rect", {"class": sentiment, "x": at, "width": str(round(seen, 2)), "height": "8"}))
        so_far += width
    _demand(drawn, shape)


def demand_key(drawn: Element, what: str) -> None:
    """What ring, dot and square mean: the same whatever was answered."""
    inner = {
        "before": ("circle", {"class": "o", "cx": "8", "cy": "8", "r": "5.5"}),
        "now": ("circle", {"class": "d", "cx": "8", "cy": "8", "r": "7"}),
        "own": ("path", {"class": "sq", "d": "M2 2h12v12H2z"}),
    }[what]
    _demand(drawn, [("svg", {"viewbox": "0 0 16 16", "aria-hidden": "true"}), inner])


def _demand(drawn: Element, shape: _Shape) -> None:
    seen = drawn.shape()
    if drawn.text or seen != shape:
        raise UnreadError(f"drawn is {seen!r} {drawn.text!r}, and the figures beside it would be {shape!r}")


def _along(index: int) -> float:
    return round(index * 2.84 + 8, 1)
