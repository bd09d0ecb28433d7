"""What coordinators and leads do about points: read what people ask, answer, and set right what went wrong."""

from typing import Any

from flask import abort, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.questions import blueprint
from app.blueprints.questions.forms import AnswerForm
from app.extensions import db
from app.models.person import Role
from app.services.points.questions import (
    AlreadyAnsweredError,
    NotReversibleError,
    answer,
    answerable,
    how_many_questions_wait,
    waiting,
)
from app.web.access import role
from app.web.brake import braked
from app.web.htmx import go_to, render, wants_fragment
from app.web.identity import viewer
from app.web.paging import Cursor


@blueprint.get("/points/questions")
@role(Role.COORDINATOR, Role.LEAD)
def queue() -> Response:
    return _queue_page()


@blueprint.post("/points/questions/<int:question_id>/answer", endpoint="answer")
@role(Role.COORDINATOR, Role.LEAD)
@braked(1, counts_told=False, form=True)
def send_answer(question_id: int) -> Response:
    """Whoever asked waits for the word, and a queue is to be worked through: so who is told counts for nothing."""
    question, form = answerable(question_id, viewer()) or abort(404), AnswerForm()
    if not form.validate():
        return _queue_page(422, returned={question_id: form})
    try:
        answer(question, viewer(), form.text.data, bool(form.reverse.data), clock.now())
    except AlreadyAnsweredError:
        return _too_late(_("Already answered: somebody was quicker."))
    except NotReversibleError:
        db.session.rollback()
        form.text.errors = [_("The points have changed in the meantime. Answer without changing them.")]
        return _queue_page(422, returned={question_id: form})
    db.session.commit()
    words = _("Answered. Whoever asked has been told.")
    if wants_fragment():
        return _queue_page(answered=words, answered_id=question_id)
    flash(f"point-question-{question_id}", "draft-done")
    flash(words)
    return go_to("questions.queue")


def _too_late(words: str) -> Response:
    db.session.rollback()
    if wants_fragment():
        return _queue_page(too_late=words)
    flash(words, "error")
    return go_to("questions.queue")


def _queue_page(status: int = 200, **context: Any) -> Response:
    after = Cursor.parse(request.args.get("after"))
    found = waiting(viewer(), after)
    last = found.last.question if found.last else None
    defaults: dict[str, Any] = {
        "items": found.items,
        "later": url_for("questions.queue", after=str(Cursor(last.asked_at, last.id))) if last else "",
        "waiting": how_many_questions_wait(viewer()),
        "blank": AnswerForm(formdata=None),
        "returned": {},
        "answered": "",
        "too_late": "",
    }
    fragment = "questions/_items.html" if after else "questions/_queue.html"
    return render("questions/queue.html", fragment, status, **defaults | context)
