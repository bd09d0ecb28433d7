"""What is expected of the viewer now (services/stages/expected.py), with what is the same for a while kept at hand."""

from datetime import date
from functools import cached_property

from app.models.stage import Stage
from app.services.challenges.fitting import Fitting, planned_areas
from app.services.feed.waiting import Waiting, what_waits
from app.services.stages.expected import Expected, OpenSurvey, Situation, Viewer, expected_of, open_survey
from app.services.stages.lessons import are_published
from app.services.stages.suggestion import Choice, Suggestion, choice_in, suggestion_for
from app.web.cache import Cache


class _AtHand:
    """What is the same for everybody on a day. Read when it is needed, and kept as long as the entry is."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._choices: dict[int, Choice] = {}
        self._have_lessons: dict[int, bool] = {}
        self._suggestions: dict[tuple[int, int], Suggestion | None] = {}

    @cached_property
    def survey(self) -> OpenSurvey | None:
        return open_survey(self._today)

    def suggestion(self, viewer: Viewer, stage: Stage) -> Suggestion | None:
        """Some seconds late at most; that somebody has planned is known at once."""
        key = (viewer.id, stage.id)
        if key not in self._suggestions:
            self._suggestions[key] = self._suggest(viewer, stage)
        return self._suggestions[key]

    def has_lessons(self, stage: Stage) -> bool:
        if stage.id not in self._have_lessons:
            self._have_lessons[stage.id] = are_published(stage)
        return self._have_lessons[stage.id]

    def _suggest(self, viewer: Viewer, stage: Stage) -> Suggestion | None:
        areas = _PLANNED_AREAS.get((viewer.id, stage.id), lambda: planned_areas(viewer.id))
        if stage.id not in self._choices:
            self._choices[stage.id] = choice_in(stage.id, self._today)
        fitting = Fitting(viewer.municipality_id, areas, frozenset())
        return suggestion_for(viewer.id, fitting, self._choices[stage.id])


_AT_HAND: Cache[_AtHand] = Cache(
    "expected of everybody",
    key="day",
    changed_by="the worker and leads (the survey); whoever makes or closes a challenge, reports or lifts something, "
    "publishes lessons",
    at_most=2,
)
#: Asked only of whoever has nothing in the stage: what they planned before it changes no more.
_PLANNED_AREAS: Cache[frozenset[int]] = Cache("planned areas", key="person, stage", at_most=5000)


def expected_now(viewer: Viewer, waiting: Waiting | None, stage: Stage | None, today: date) -> Expected:
    """`waiting` is what the viewer's own activities ask of them, None where it has not been read with the feed; `stage`
    is the one that people act in."""
    at_hand = _AT_HAND.get(today, lambda: _AtHand(today))
    if waiting is None:
        waiting = what_waits(viewer.id, stage.id if stage else None, today)

    def suggest(stage: Stage) -> Suggestion | None:
        return at_hand.suggestion(viewer, stage)

    situation = Situation(viewer, waiting, today, stage, at_hand.survey, suggest, at_hand.has_lessons)
    return expected_of(situation)
