"""What stands on the screen of a lobby at a moment."""

import re
import textwrap
from datetime import date, datetime
from typing import Any, Final

from app.models.activity import Activity
from app.models.stage import PHASE_DATES, Stage
from app.services.points.closing import is_closed, locked_on
from app.services.points.standings import Row, chasing, standings
from app.services.programme.clock import midnight
from app.services.publishing.lobby import carried_out, public_best_practice, public_best_practices
from app.web.catalogue import catalogue

#: How long a best practice stays, which is how often a screen asks (static/js/lobby-screen.js).
_TURN_SECONDS: Final = 30
#: Of what happened; more cannot be read in passing.
_LONGEST_QUOTE: Final = 110
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+")


def lobby_page(now: datetime) -> dict[str, Any]:
    """A constant number of queries over any history."""
    today = catalogue().today(now)
    stage = catalogue().current_stage(today)
    rows = standings(stage.id if stage else None)
    best = _whose_turn(stage, now) if stage else None
    return {
        "now": now,
        "stage": stage,
        "phase": stage.phase(today) if stage else None,
        "is_first": stage is None or catalogue().stage_before(stage) is None,
        **_board(rows, stage, now),
        **_days_left(stage, today),
        **_done(stage),
        "best": best,
        "photo": next((photo for photo in best.photos if photo.is_for_all), None) if best else None,
        "quote": _quote(best.outcome.story) if best and best.outcome else "",
    }


def _board(rows: list[Row], stage: Stage | None, now: datetime) -> dict[str, Any]:
    """As on the leaderboard. At rest, nobody has a point yet."""
    zone = catalogue().zone
    return {
        "tiles": rows,
        "at_rest": not any(row.points for row in rows),
        "leading": [row for row in rows if row.leads],
        "chasing": chasing(rows),
        "locked_on": locked_on(stage, zone) if stage and is_closed(stage, now, zone) else None,
    }


def _days_left(stage: Stage | None, today: date) -> dict[str, Any]:
    """Until the next phase begins, or the next stage."""
    later = [one for one in catalogue().stages if stage and one.number >= stage.number]
    coming = ((one.begins(phase), one) for one in later for phase, _column in PHASE_DATES)
    begins, of_stage = next(((day, one) for day, one in coming if day > today), (None, None))
    return {"days_left": (begins - today).days if begins else None, "days_to": of_stage}


def _done(stage: Stage | None) -> dict[str, Any]:
    """What has been carried out in this stage; as long as that is nothing, in the one before."""
    candidates = [one for one in (stage, stage and catalogue().stage_before(stage)) if one]
    numbers = carried_out([one.id for one in candidates])
    done_in = next((one for one in candidates if numbers.get(one.id)), None)
    return {"done": numbers[done_in.id] if done_in else 0, "done_in": done_in}


def _whose_turn(stage: Stage, now: datetime) -> Activity | None:
    """Of what was lifted in this stage and the one before, each has its half a minute: the same on all screens."""
    earliest = catalogue().stage_before(stage) or stage
    numbers = public_best_practices(midnight(earliest.measure_on, catalogue().zone))
    turn = int(now.timestamp()) // _TURN_SECONDS
    return public_best_practice(numbers[turn % len(numbers)]) if numbers else None


def _quote(story: str) -> str:
    """Its first sentences, as many as there is room for; of a single long one the beginning."""
    words = " ".join(story.split())
    kept = ""
    for sentence in _SENTENCE_END.split(words):
        if len(kept) + len(sentence) >= _LONGEST_QUOTE:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or textwrap.shorten(words, _LONGEST_QUOTE, placeholder=" …")
