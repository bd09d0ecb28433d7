"""What a stage taught, as everybody reads it."""

from flask import make_response, render_template
from werkzeug.wrappers import Response

from app.blueprints.lessons import blueprint
from app.blueprints.lessons.page import has_begun_to_learn, stage_after, stage_numbered, today
from app.models.person import Role
from app.services.activities.cheer import sparked_among
from app.services.stages.lessons import chosen_from, lessons_of_stage, set_of
from app.services.stages.timeline import last_day
from app.web.access import signed_in
from app.web.identity import viewer


@blueprint.get("/stages/<int:number>/lessons")
@signed_in
def show(number: int) -> Response:
    """The lessons; before they are published, when they come. Those who choose them see the draft then, and everybody
    what has been edited in words of their own."""
    stage, person = stage_numbered(number), viewer()
    lessons = lessons_of_stage(stage)
    lesson_set = set_of(stage)
    context = {
        "stage": stage,
        "later": stage_after(stage),
        "today": today(),
        "last_day": last_day,
        "lesson_set": lesson_set,
        "lessons": lessons,
        "may_edit": person.is_a(Role.COORDINATOR, Role.LEAD),
        "viewer_id": person.id,
        "cheered": sparked_among([lesson.tip_id for lesson in lessons.chosen], person.id),
        "counts": chosen_from(stage),
    }
    if lesson_set and lesson_set.published_at:
        return make_response(render_template("lessons/show.html", **context))
    edited = [one for one in lessons.chosen if one.is_edited and one.tip.is_owned_by(person)]
    about = {"edited": edited, "has_begun": has_begun_to_learn(stage)}
    return make_response(render_template("lessons/to_come.html", **context, **about))
