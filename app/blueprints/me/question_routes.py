"""Det blev fel: one entry of one's own, what one asks about it, and the answers."""

from flask import abort, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.me import blueprint
from app.blueprints.me.forms import QuestionForm
from app.extensions import db
from app.services.points.history import Line, own_entry
from app.services.points.questions import AlreadyAskedError, ask, questions_about
from app.web.access import signed_in
from app.web.brake import braked
from app.web.htmx import go_to, render
from app.web.identity import glance, viewer


@blueprint.get("/me/points/<int:entry_id>/question")
@signed_in
def question(entry_id: int) -> Response:
    return _question_page(_own(entry_id), QuestionForm(formdata=None))


@blueprint.post("/me/points/<int:entry_id>/question")
@signed_in
@braked(4, form=True)
def send_question(entry_id: int) -> Response:
    line, form = _own(entry_id), QuestionForm()
    if not form.validate():
        return _question_page(line, form, 422)
    try:
        ask(line, viewer(), form.text.data, clock.now())
    except AlreadyAskedError:
        db.session.rollback()
        flash(_("You have asked about it already. You will be told when somebody has answered."), "error")
        return go_to("me.question", entry_id=entry_id)
    db.session.commit()
    flash(_("Sent to your coordinator. You will be told when somebody has answered."))
    flash(f"question-{entry_id}", "draft-done")
    return go_to("me.question", entry_id=entry_id)


def _own(entry_id: int) -> Line:
    return own_entry(glance().id, entry_id) or abort(404)


def _question_page(line: Line, form: QuestionForm, status: int = 200) -> Response:
    context = {"line": line, "form": form, "questions": questions_about(line.id)}
    return render("me/question.html", "me/_question.html", status, **context)
