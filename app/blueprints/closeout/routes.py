"""`/close/<token>`: what came of a plan, answered with one tap from a push or a mail, without signing in.

A GET shows and changes nothing, whatever the address carries, since mail filters open links; only a POST answers. There
is no token of a form, as there is no session that another site's page could misuse: the address itself is the secret,
which such a page does not know (`csrf.exempt`).
"""

from flask import Response as FlaskResponse
from flask import request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.closeout import blueprint
from app.blueprints.closeout.bearer import bearer_key, bearer_limited_until, close_token, for_its_bearer
from app.blueprints.closeout.forms import DayForm, DoneForm, NotDoneForm
from app.blueprints.closeout.page import offered_days, page_for_limited, page_of
from app.extensions import csrf, db
from app.models.close_out import Choice
from app.services.activities.close_out import (
    NoDayLeftError,
    Question,
    close_out,
    move_on,
    question_in_turn,
    question_of,
    tell_more,
    undo,
)
from app.web.access import public
from app.web.brake import braked

#: It weighs as much as a report.
_braked = braked(4, whose=bearer_key, limited_until=bearer_limited_until)
_braked_form = braked(4, form=True, whose=bearer_key, limited_until=bearer_limited_until)


@blueprint.get("/close/<token>")
@public
@for_its_bearer
def show(token: str) -> FlaskResponse:
    """`?choice=done`, `moved` or `not` says which answer stands first, for links that name one."""
    question, until = question_of(close_token(), clock.now()), bearer_limited_until()
    if question and until:
        return page_for_limited(question, until)
    return page_of(question, token)


@blueprint.post("/close/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]
@public
@for_its_bearer
@_braked
def choose(token: str) -> Response:
    """One tap does it; another page or a worker may send it too, since the choice is all that it takes."""
    question, choice = _asked(), request.form.get("choice")
    if question is None or choice not in list(Choice):
        return page_of(question, token, 422)
    try:
        close_out(question, Choice(choice), clock.now())
    except NoDayLeftError:
        return _no_day_left(token)
    return _saved(token)


@blueprint.post("/close/<token>/account")
@csrf.exempt  # type: ignore[untyped-decorator]
@public
@for_its_bearer
@_braked_form
def tell(token: str) -> Response:
    question = _asked()
    if question is None or question.choice not in (Choice.DONE, Choice.NOT):
        return page_of(question, token)
    form = DoneForm() if question.choice is Choice.DONE else NotDoneForm()
    if not form.validate():
        return page_of(question, token, 422, form=form)
    tell_more(question, form.account(), clock.now())
    return _saved(token)


@blueprint.post("/close/<token>/day")
@csrf.exempt  # type: ignore[untyped-decorator]
@public
@for_its_bearer
@_braked_form
def move(token: str) -> Response:
    question = _asked()
    if question is None or question.choice is not Choice.MOVED:
        return page_of(question, token)
    form = DayForm()
    form.offer(*offered_days(question, clock.now()))
    if not form.validate():
        return page_of(question, token, 422, form=form)
    try:
        move_on(question, form.chosen, clock.now())
    except NoDayLeftError:
        return _no_day_left(token)
    return _saved(token)


@blueprint.post("/close/<token>/undo")
@csrf.exempt  # type: ignore[untyped-decorator]
@public
@for_its_bearer
@_braked
def take_back(token: str) -> Response:
    """When it is too late for that, the page says what stands."""
    question = _asked()
    if question is None:
        return page_of(None, token)
    undo(question, clock.now())
    return _saved(token)


def _asked() -> Question | None:
    return question_in_turn(close_token(), clock.now())


def _no_day_left(token: str) -> Response:
    db.session.rollback()
    return page_of(question_of(close_token(), clock.now()), token, 422, no_day_left=True)


def _saved(token: str) -> Response:
    db.session.commit()
    return Response(status=303, headers={"Location": url_for("closeout.show", token=token)})
