"""Say something about a thing, answer somebody, and change what one has just said."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.blueprints.conversation import blueprint
from app.blueprints.conversation.found import (
    changeable_comment,
    comment_numbered,
    shown_comment,
    thing_at,
    thing_of,
)
from app.extensions import db
from app.models.comment import Comment
from app.models.contribution import Contributed
from app.models.paging import PAGE_SIZE
from app.models.repeated import RepeatedError, RepeatedOftenError
from app.models.retry import TakenBackError
from app.services.conversation.links import TooManyLinksError
from app.services.conversation.thread import (
    FIRST_ANSWERS,
    Thread,
    comes_among_first,
    comment_count,
    whole_comments,
)
from app.services.conversation.write import NotTalkedAboutError, TooLateError, change_comment, comment_on
from app.web.access import signed_in
from app.web.brake import braked
from app.web.conversation import TOO_MANY_LINKS, CommentForm, blank_form, reader_of, talk_about
from app.web.htmx import go_to_path, render, wants_fragment
from app.web.identity import viewer


@blueprint.post("/<any(activities, challenges, tips):place>/<int:number>/comments")
@signed_in
@braked(4, form=True)
def create(place: str, number: int) -> Response:
    thing, form = thing_at(place, number), CommentForm()
    comment = form.validate() and _said(form, lambda: _say(thing, form))
    if not comment:
        talk = talk_about(thing, form)
        context = {"talk": talk, "reader": talk.reader, "thing": thing, "form": form}
        return render("conversation/about.html", "conversation/_say.html", 422, **context)
    if not wants_fragment() or not comes_among_first(comment, viewer(), PAGE_SIZE):
        return go_to_path(_place(comment, thing))
    return _posted(comment, thing, "conversation/_posted.html", form=blank_form())


@blueprint.get("/comments/<int:comment_id>/answer")
@signed_in
def answer(comment_id: int) -> Response:
    return _answer_page(shown_comment(comment_id), blank_form())


@blueprint.post("/comments/<int:comment_id>/answer")
@signed_in
@braked(4, form=True)
def send_answer(comment_id: int) -> Response:
    to, form = shown_comment(comment_id), CommentForm()
    thing = thing_of(to)
    comment = form.validate() and _said(form, lambda: _say(thing, form, to))
    if not comment:
        return _answer_page(to, form, 422)
    if not wants_fragment() or not comes_among_first(comment, viewer(), FIRST_ANSWERS + 1):
        return go_to_path(_place(comment, thing))
    return _posted(comment, thing, "conversation/_answered.html", to=to)


@blueprint.get("/comments/<int:comment_id>/edit")
@signed_in
def edit(comment_id: int) -> Response:
    comment = changeable_comment(comment_id)
    return _edit_page(comment, CommentForm(formdata=None, data={"body": comment.body}))


@blueprint.post("/comments/<int:comment_id>/edit")
@signed_in
@braked(2, form=True)
def change(comment_id: int) -> Response:
    comment, form = changeable_comment(comment_id), CommentForm()
    if not form.validate() or not _said(form, lambda: _change(comment, form)):
        return _edit_page(comment_numbered(comment_id), form, 422)
    if not wants_fragment():
        return go_to_path(comment.path)
    return _posted(comment, thing_of(comment), "conversation/_changed.html")


def _say(thing: Contributed, form: CommentForm, to: Comment | None = None) -> Comment:
    return comment_on(thing, viewer(), form.words(to or thing), now=clock.now(), to=to)


def _change(comment: Comment, form: CommentForm) -> Comment:
    change_comment(comment, viewer(), form.body.data, now=clock.now(), picked=form.picked())
    return comment


def _said(form: CommentForm, act: Callable[[], Comment]) -> Comment | None:
    """What was written, committed; or None, and the form says why not."""
    try:
        comment = act()
    except (NotTalkedAboutError, TooLateError, TooManyLinksError, RepeatedError, TakenBackError) as refusal:
        db.session.rollback()
        form.begin_anew()
        form.body.errors = [_why(refusal)]
        return None
    db.session.commit()
    return comment


def _why(refusal: Exception) -> str:
    match refusal:
        case TooManyLinksError():
            return str(TOO_MANY_LINKS)
        case TooLateError():
            return _("It can be changed for 15 minutes, and those are over. Write a new comment instead.")
        case RepeatedOftenError():
            return _("You have said that of several things just now. Say it in words of its own.")
        case RepeatedError():
            return _("You have just written that. It is kept, so you need not send it again.")
        case TakenBackError():
            return _("You have taken that comment back. Send it once more if you want to say it after all.")
    return _("Somebody has taken away meanwhile what you are answering. Your text is still here.")


def _place(comment: Comment, thing: Contributed) -> str:
    """Where a new comment is seen without JavaScript: with the thing if it is among the first there."""
    is_with_the_thing = not comment.answers_id and comes_among_first(comment, viewer(), PAGE_SIZE)
    return f"{thing.path}#comment-{comment.id}" if is_with_the_thing else comment.path


def _posted(comment: Comment, thing: Contributed, fragment: str, **context: Any) -> Response:
    (whole,) = whole_comments([comment.id])
    return render(
        fragment,
        fragment,
        comment=whole,
        thing=thing,
        thread=Thread(whole),
        count=comment_count(thing.id),
        reader=reader_of([whole], thing),
        **context,
    )


def _answer_page(to: Comment, form: CommentForm, status: int = 200) -> Response:
    thing = thing_of(to)
    context = {
        "to": to,
        "thing": thing,
        "form": form.named(f"answer-to-{to.id}"),
        "reader": reader_of([to], thing),
    }
    return render("conversation/answer.html", "conversation/_answer_form.html", status, **context)


def _edit_page(comment: Comment, form: CommentForm, status: int = 200) -> Response:
    context = {"comment": comment, "thing": thing_of(comment), "form": form.named(f"change-{comment.id}")}
    return render("conversation/edit.html", "conversation/_edit_form.html", status, **context)
