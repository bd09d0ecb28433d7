"""The words of a survey before anybody else sees them: a lead reads them, puts spellings together, and releases the
result. What they choose is kept beside the survey's key, and neither in the database nor on their device."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import structlog
from flask import abort, flash, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.admin import blueprint
from app.blueprints.admin.survey_forms import ReviewForm, review_form
from app.blueprints.admin.survey_routes import survey_keys
from app.extensions import db
from app.models.person import Role
from app.models.survey import Survey
from app.services.activities.locking import OvertakenError
from app.services.survey.closing import released_by
from app.services.survey.reviewing import (
    Choice,
    ReleasedError,
    choices_that_differ,
    keep_review,
    likely_spellings,
    release,
    shown_words,
)
from app.services.survey.standing import Standing, standing_of
from app.services.survey.words import FEWEST_WRITERS, Review
from app.web.access import role
from app.web.brake import braked
from app.web.catalogue import catalogue
from app.web.htmx import go_to
from app.web.identity import viewer

log = structlog.get_logger()


@blueprint.get("/admin/surveys/<int:number>/words")
@role(Role.LEAD)
def survey_words(number: int) -> str | Response:
    """The words that wait to be read; where none wait any more, back to the survey, which says why."""
    reviewed, words = _survey(number), _words(number)
    if words is None:
        return go_to("admin.survey", number=number)
    kept = Review.from_json(survey_keys().review(number))
    return _page(reviewed, review_form(words, kept))


@blueprint.post("/admin/surveys/<int:number>/words")
@role(Role.LEAD)
@braked(1, form=True)
def keep_survey_words(number: int) -> Response | tuple[str, int]:
    """Keep what was chosen for later. Nothing is shown by it."""
    refusal = _decide(number, keep_review)
    if refusal:
        return refusal
    flash(_("Saved. Nothing is shown before you release the result."))
    return go_to("admin.survey_words", number=number)


@blueprint.post("/admin/surveys/<int:number>/release")
@role(Role.LEAD)
@braked(1, form=True)
def release_survey(number: int) -> Response | tuple[str, int]:
    """Let the result be shown, with what was chosen about its words. A second tap changes nothing."""
    refusal = _decide(number, partial(release, by=viewer(), now=clock.now()))
    if refusal:
        return refusal
    flash(_("Released. The result is there for everybody within a minute."))
    return go_to("admin.survey", number=number)


def _decide(number: int, decide: Callable[..., None]) -> Response | tuple[str, int] | None:
    """Do it with what the form says, and commit; the answer when that is refused."""
    reviewed, words = _survey(number), _words(number)
    if words is None:
        return _too_late(number)
    form = review_form(words)
    if not form.validate():
        return _page(reviewed, form), 422
    try:
        decide(reviewed, form.review, survey_keys(), based_on=form.seen.data or "")
    except ReleasedError:
        db.session.rollback()
        return _too_late(number)
    except OvertakenError:
        db.session.rollback()
        return _overtaken(number, form)
    except OSError:
        return _not_kept(number, form)
    db.session.commit()
    return None


def _survey(number: int) -> Survey:
    return Survey.of_stage(number) or abort(404)


def _words(number: int) -> list[dict[str, Any]] | None:
    """None unless they wait to be read."""
    survey, keys = _survey(number), survey_keys()
    standing = standing_of(survey.stage, survey, keys, catalogue().today(clock.now()))
    return keys.words(number) if standing == Standing.WORDS else None


def _too_late(number: int) -> Response:
    flash(_("The words cannot be changed any more. Here is how it stands."))
    return go_to("admin.survey", number=number)


def _overtaken(number: int, form: ReviewForm) -> tuple[str, int]:
    """What the other one chose is shown beside; saved once more, this takes the place of it."""
    theirs = Review.from_json(survey_keys().review(number))
    form.seen.data = theirs.stamp
    return _page(_survey(number), form, theirs=choices_that_differ(form.words, theirs, form.review)), 422


def _not_kept(number: int, form: ReviewForm) -> tuple[str, int]:
    """The web process may read the directory and not write it."""
    log.exception("the review of the survey's words could not be written", stage=number)
    db.session.rollback()
    return _page(_survey(number), form, is_unwritable=True), 422


def _page(
    survey: Survey, form: ReviewForm, *, is_unwritable: bool = False, theirs: Sequence[Choice] = ()
) -> str:
    rows = list(form.rows())
    return render_template(
        "admin/survey_words.html",
        stage=survey.stage,
        form=form,
        frequent=[row for row in rows if row.about["count"] >= FEWEST_WRITERS],
        rare=[row for row in rows if row.about["count"] < FEWEST_WRITERS],
        fewest=FEWEST_WRITERS,
        likely=likely_spellings(form.words),
        shown=[] if form.errors else shown_words(form.words, form.review),
        released_by=released_by(survey),
        is_unwritable=is_unwritable,
        theirs=theirs,
    )
