"""What coordinators and leads do about points: read what people ask, answer, and set right what went wrong."""

from typing import Any

from flask import abort
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
from app.web.identity import viewer
from app.web.paging import Cursor
from app.web.queue import Queue


@blueprint.get("/points/questions")
@role(Role.COORDINATOR, Role.LEAD)
def queue() -> Response:
    return _QUEUE.show()


@blueprint.post("/points/questions/<int:question_id>/answer", endpoint="answer")
@role(Role.COORDINATOR, Role.LEAD)
@braked(1, counts_told=False, form=True)
def send_answer(question_id: int) -> Response:
    """Whoever asked waits for the word, and a queue is to be worked through: so who is told counts for nothing."""
    question, form = answerable(question_id, viewer()) or abort(404), AnswerForm()
    if not form.validate():
        return _QUEUE.show(422, returned={question_id: form})
    try:
        answer(question, viewer(), form.text.data, bool(form.reverse.data), clock.now())
    except AlreadyAnsweredError:
        db.session.rollback()
        return _QUEUE.tell_too_late(_("Already answered: somebody was quicker."))
    except NotReversibleError:
        db.session.rollback()
        form.text.errors = [_("The points have changed in the meantime. Answer without changing them.")]
        return _QUEUE.show(422, returned={question_id: form})
    db.session.commit()
    return _QUEUE.tell(_("Answered. Whoever asked has been told."), f"point-question-{question_id}")


def _find(after: Cursor | None) -> dict[str, Any]:
    found = waiting(viewer(), after)
    return {
        "items": found.items,
        "last": Cursor(found.last.question.asked_at, found.last.question.id) if found.last else None,
        "waiting": how_many_questions_wait(viewer()),
        "blank": AnswerForm(formdata=None),
    }


_QUEUE = Queue(
    "questions.queue", "questions/queue.html", "questions/_queue.html", "questions/_item.html", _find
)
