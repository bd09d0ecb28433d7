"""The cards of the list: everybody reads the same tips, so a card is drawn once and kept under all that it shows."""

from collections.abc import Collection, Iterable

from flask import render_template
from markupsafe import Markup

from app.services.activities.lessons import ListedTip
from app.web.cache import Cache
from app.web.catalogue import catalogue
from app.web.language import page_language

#: A card is about 1 kB.
_DRAWN: Cache[Markup] = Cache("tip cards", key="the programme, the language, all that it shows", at_most=2000)


def cards_of(
    tips: Iterable[ListedTip], viewer_id: int, cheered: Collection[int], lifted: Collection[int]
) -> list[Markup]:
    """`cheered` are the tips that have helped the viewer, `lifted` the activities that are models for all."""
    return [_card(tip, _state(tip, viewer_id, cheered), tip.activity_id in lifted) for tip in tips]


def _state(tip: ListedTip, viewer_id: int, cheered: Collection[int]) -> str:
    if tip.owner_id == viewer_id:
        return "own"
    return "given" if tip.id in cheered else "open"


def _card(tip: ListedTip, state: str, is_lifted: bool) -> Markup:
    shown = (
        *(tip.id, tip.kind_of_tip, tip.text, tip.owner_name, tip.municipality_id, tip.focus_area_id),
        *(
            tip.activity_id,
            tip.heeded_count,
            tip.helped_count,
            tip.sparks,
            state,
            is_lifted,
            tip.owner_left_at,
        ),
    )
    return _DRAWN.get(
        (catalogue(), page_language(), shown),
        lambda: Markup(  # noqa: S704 - a template, which escapes
            render_template("tips/_card.html", tip=tip, count=tip.sparks, state=state, is_lifted=is_lifted)
        ),
    )
