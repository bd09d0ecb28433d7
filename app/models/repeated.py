"""The same once more: somebody posts what they have posted a moment ago, with a new key. A retry, with the same key, is
another matter (retry.py): that is answered as the first time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from app.extensions import db
from app.models.activity import Activity
from app.models.comment import Comment
from app.models.contribution import is_withdrawn
from app.models.thanks import Thanks
from app.models.tip import Tip

#: After that somebody may mean it anew.
_SOON: Final = timedelta(minutes=10)
#: So often one may say the same of different things: "Tack!" is no flood, but the fourth one is.
_MOST_ALIKE: Final = 3


class RepeatedError(ValueError):
    """They have posted the same a moment ago, and it stands."""


class RepeatedOftenError(RepeatedError):
    """They have said the same of several other things a moment ago."""


def demand_new_plan(owner_id: int, request_key: str, now: datetime, answers: Mapping[str, Any]) -> None:
    """Raises RepeatedError when the owner has just planned something with the same answers."""
    same = [getattr(Activity, column) == answer for column, answer in answers.items()]
    _demand(1, Activity, owner_id, request_key, Activity.created_at > now - _SOON, *same)


def demand_new_tip(author_id: int, request_key: str, text: str, now: datetime) -> None:
    """Raises RepeatedError when the author has just written the same tip."""
    _demand(1, Tip, author_id, request_key, Tip.at > now - _SOON, Tip.text == text)


def demand_new_thanks(
    author_id: int, request_key: str, to_id: int, about_id: int | None, words: str, now: datetime
) -> None:
    """Raises RepeatedError when the author has just thanked that person in the same words for the same."""
    same = (Thanks.at > now - _SOON, Thanks.words == words, Thanks.to_id == to_id)
    _demand(1, Thanks, author_id, request_key, *same, Thanks.about_id.is_not_distinct_from(about_id))


def demand_new_comment(
    author_id: int, request_key: str, about_id: int, answers_id: int | None, body: str, now: datetime
) -> None:
    """Raises RepeatedError when the author has just said the same there, and RepeatedOftenError when of several other
    things."""
    same = (Comment.created_at > now - _SOON, Comment.body == body)
    here = (Comment.about_id == about_id, Comment.answers_id.is_not_distinct_from(answers_id))
    _demand(1, Comment, author_id, request_key, *same, *here)
    try:
        _demand(_MOST_ALIKE, Comment, author_id, request_key, *same)
    except RepeatedError:
        raise RepeatedOftenError from None


def _demand(most: int, kind: Any, owner_id: int, request_key: str, *same: Any) -> None:
    """No error when the key has made something: then it is a retry. What was taken back may be written again."""
    mine = select(func.count()).select_from(kind).where(kind.owner_id == owner_id)
    if db.session.scalar(mine.where(kind.request_key == request_key)):
        return
    if (db.session.scalar(mine.where(*same, ~is_withdrawn(kind.id))) or 0) >= most:
        raise RepeatedError
