"""The survey of a stage as its journey shows it to one person."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.models.person import Person
from app.models.stage import Stage
from app.models.survey import Survey
from app.services.survey.answering import has_answered
from app.services.survey.opening import opening_of
from app.services.survey.publication import Published, published


@dataclass(frozen=True)
class Measuring:
    """`survey` is None before it has opened; `released` once everybody may see what came out."""

    #: The first day on which it can no longer be answered.
    ends_on: date
    survey: Survey | None = None
    is_open: bool = False
    #: Only of the person whose journey it is, and only while it is open.
    has_answered: bool = False
    released: Published | None = None

    @property
    def last_day(self) -> date:
        return self.ends_on - timedelta(days=1)

    @property
    def can_be_answered(self) -> bool:
        return (
            self.survey is not None and self.is_open and not self.survey.is_paused and not self.has_answered
        )

    @property
    def is_being_read(self) -> bool:
        """It has ended, and nothing is released yet."""
        return self.survey is not None and not self.is_open and not self.released


def measuring(stage: Stage, person: Person, today: date, *, shown_by: str) -> Measuring | None:
    """None for a stage that has no survey, and will have none. `shown_by` is the endpoint of the page (see
    `PUBLICATIONS`)."""
    survey = Survey.dates_of(stage)
    if survey is None:
        return Measuring(stage.activate_on) if opening_of(stage, today) else None
    is_open = survey.is_open(today)
    return Measuring(
        survey.ends_on,
        survey,
        is_open,
        has_answered=is_open and has_answered(survey, person),
        released=published(shown_by, stage),
    )
