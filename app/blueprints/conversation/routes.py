"""Read what is said: the threads about a thing, and one thread."""

from typing import Any

from flask import abort, redirect, request
from werkzeug.wrappers import Response

from app.blueprints.conversation import blueprint
from app.blueprints.conversation.found import comment_numbered, thing_at, thing_of
from app.models.paging import PAGE_SIZE
from app.services.conversation.thread import (
    Thread,
    comes_among_first,
    comment_count,
    thread_of,
    visible_comment,
)
from app.web.access import signed_in
from app.web.conversation import reader_of, talk_about, thread_url
from app.web.htmx import render, wants_fragment
from app.web.identity import viewer
from app.web.paging import last_number


@blueprint.get("/<any(activities, challenges, tips):place>/<int:number>/comments")
@signed_in
def about(place: str, number: int) -> Response:
    """All threads, page by page; for HTMX only the next ones."""
    thing, after = thing_at(place, number), last_number(request.args.get("after"))
    talk = talk_about(thing, after=after)
    return render("conversation/about.html", "conversation/_threads.html", talk=talk, reader=talk.reader)


@blueprint.get("/comments/<int:comment_id>")
@signed_in
def show(comment_id: int) -> Response:
    """The thread of a comment, at the page where it stands; for HTMX the comment alone, or more answers `after` one."""
    after = last_number(request.args.get("after"))
    if wants_fragment() and after is None:
        return _alone(comment_id)
    thread = thread_of(comment_id, viewer(), after) or _hidden(comment_id)
    if thread is None:
        return redirect(_place_of_answer(comment_id))
    return _thread_page(thread, is_first=after is None)


def _thread_page(thread: Thread, **context: Any) -> Response:
    thing = thing_of(thread.opening)
    return render(
        "conversation/thread.html",
        "conversation/_answers.html",
        thing=thing,
        count=comment_count(thing.id),
        thread=thread,
        reader=reader_of(thread.comments, thing),
        **context,
    )


def _alone(comment_id: int) -> Response:
    comment = comment_numbered(comment_id)
    reader = reader_of([comment], thing_of(comment))
    return render(
        "conversation/_comment.html", "conversation/_comment.html", comment=comment, reader=reader, focus=True
    )


def _hidden(comment_id: int) -> Thread | None:
    """A hidden comment that nobody has answered, for whoever moderates it."""
    comment = visible_comment(comment_id, viewer())
    return Thread(comment) if comment and not comment.answers_id else None


def _place_of_answer(comment_id: int) -> str:
    comment = visible_comment(comment_id, viewer())
    if comment is None or not comment.answers_id:
        abort(404)
    is_on_first_page = comes_among_first(comment, viewer(), PAGE_SIZE)
    after = None if is_on_first_page else comment.id - 1
    return thread_url(comment, after=after, _anchor=f"comment-{comment.id}")
