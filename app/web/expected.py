"""What is expected of the viewer now (services/stages/expected.py), with what is the same for a while kept at hand."""

from datetime import date

from app.models.stage import Stage
from app.services.challenges.fitting import Fitting, planned_areas
from app.services.feed.waiting import Waiting, what_waits
from app.services.stages.expected import Expected, OpenSurvey, Situation, Viewer, expected_of, open_survey
from app.services.stages.suggestion import Choice, Suggestion, choice_in, suggestion_for
from app.web.cache import Cache

#: So that nobody asks for it while there is nothing to answer.
_SURVEY: Cache[OpenSurvey | None] = Cache(
    "open survey", key="day", changed_by="the worker, and a lead who moves its end", at_most=2
)
_CHOICE: Cache[Choice] = Cache(
    "choice of suggestions",
    key="stage, day",
    changed_by="whoever makes or closes a challenge, carries something out or lifts it",
    at_most=2,
)
#: Asked only of whoever has nothing in the stage: what they planned before it changes no more.
_PLANNED_AREAS: Cache[frozenset[int]] = Cache("planned areas", key="person, stage", at_most=5000)


def expected_now(viewer: Viewer, waiting: Waiting | None, stage: Stage | None, today: date) -> Expected:
    """`waiting` is what the viewer's own activities ask of them, None where it has not been read with the feed;
    `stage` is the one that people act in."""

    def suggest(stage: Stage) -> Suggestion | None:
        areas = _PLANNED_AREAS.get((viewer.id, stage.id), lambda: planned_areas(viewer.id))
        choice = _CHOICE.get((stage.id, today), lambda: choice_in(stage.id, today))
        return suggestion_for(viewer.id, Fitting(viewer.municipality_id, areas, frozenset()), choice)

    survey = _SURVEY.get(today, lambda: open_survey(today))
    if waiting is None:
        waiting = what_waits(viewer.id, stage.id if stage else None, today)
    return expected_of(Situation(viewer, waiting, today, stage, survey, suggest))
