"""What is said about a thing, for its page and for the parts of it that are drawn again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from flask import Flask, request, url_for
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from app import clock
from app.models.comment import LONGEST_COMMENT, Comment
from app.models.contribution import Contributed, ContributionKind
from app.models.paging import Page
from app.services.activities.cheer import cheered_among
from app.services.conversation.links import linked
from app.services.conversation.mentions import MOST_MENTIONS
from app.services.conversation.thread import (
    Thread,
    moderated_among,
    own_comment,
    said_about,
    threads_about,
)
from app.services.conversation.write import Words
from app.web.forms import Form
from app.web.identity import viewer
from app.web.paging import row_number
from app.web.said import said
from app.web.sent_once import SentOnceFields

TOO_MANY_LINKS: Final = _l("You are new here: for the first week at most one link in a comment.")


class CommentForm(SentOnceFields, Form):
    body = TextAreaField(
        _l("Your comment"),
        validators=[
            DataRequired(_l("Write something first.")),
            Length(max=LONGEST_COMMENT, message=_l("At most %(max)d characters.")),
        ],
    )

    def named(self, field_id: str) -> Self:
        """The same, with a name of its own for its field: several such forms stand on a page."""
        self.body.id = field_id
        return self

    def words(self, where: Contributed) -> Words:
        """What the valid form says about, or in answer to, that."""
        return Words(self.body.data, self.key_of(f"{where.id}:{self.body.data}"), self.picked())

    def picked(self) -> frozenset[int]:
        """The numbers of the people who were chosen from suggestions (static/js/mention-field.js), with blanks between
        them; of a blank form none."""
        if self.body.raw_data is None:
            return frozenset()
        numbers = map(row_number, request.form.get("mention", "").split()[:MOST_MENTIONS])
        return frozenset(number for number in numbers if number)


@dataclass(frozen=True)
class Reader:
    """Who reads some comments about a thing: what of them is theirs, and what they may do with it."""

    id: int
    now: datetime
    #: The comments that they have given a spark.
    cheered: set[int]
    #: Those that are hidden, and whose text they may see nevertheless: they moderate them.
    moderated: set[int]
    #: Who leads the activity that is talked about; nobody where that is another thing.
    leading: set[int]

    def may_change(self, comment: Comment) -> bool:
        return comment.is_changeable_by(viewer(), self.now)


@dataclass(frozen=True)
class Talk:
    """What a page shows of the conversation about its thing."""

    thing: Contributed
    count: int
    threads: list[Thread]
    more_url: str
    is_muted: bool
    form: CommentForm
    reader: Reader
    #: The reader's own comment that they have just taken back.
    withdrawn: Comment | None = None


def blank_form() -> CommentForm:
    return CommentForm(formdata=None)


def talk_about(thing: Contributed, form: CommentForm | None = None, after: int | None = None) -> Talk:
    """The conversation, or the threads that begin `after` that one. The caller shows the thing to everybody who is
    signed in."""
    said_there = said_about(thing.id, viewer())
    page = threads_about(thing.id, viewer(), after) if said_there.is_begun else Page([], has_more=False)
    comments = [comment for thread in page.items for comment in thread.comments]
    more = f"{thing.path}/comments?after={page.last.opening.id}" if page.last else ""
    return Talk(
        thing,
        said_there.comments,
        page.items,
        more,
        said_there.is_muted,
        form or blank_form(),
        reader_of(comments, thing),
        _just_withdrawn(),
    )


def reader_of(comments: Iterable[Comment], thing: Contributed) -> Reader:
    listed, person = list(comments), viewer()
    hidden = [comment.id for comment in listed if comment.removal]
    return Reader(
        id=person.id,
        now=clock.now(),
        cheered=cheered_among([comment.id for comment in listed], person.id),
        moderated=moderated_among(hidden, person) if hidden else set(),
        leading=thing.owner_ids() if listed and thing.kind is ContributionKind.ACTIVITY else set(),
    )


def thread_url(comment: Comment, **values: Any) -> str:
    """The page of the thread that it stands in."""
    return url_for("conversation.show", comment_id=comment.thread_id, **values)


def _just_withdrawn() -> Comment | None:
    """Without JavaScript the page that comes back names it in its address, with the way to put it back."""
    number = row_number(request.args.get("withdrawn"))
    comment = own_comment(number, viewer()) if number else None
    return comment if comment and comment.withdrawal else None


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(said=said, linked=linked)
