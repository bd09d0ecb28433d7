"""What an author may change in a thing that moderation has taken out of sight: its texts. What it is about, its
date and its figures stay."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from app.extensions import db
from app.models import challenge
from app.models.comment import LONGEST_COMMENT
from app.models.contribution import Contributed, ContributionKind
from app.models.person import Person
from app.models.thanks import LONGEST_THANKS
from app.services.conversation.links import demand_few_links


class Text(NamedTuple):
    """`name` is an attribute of what `holder` gives, and the form's field."""

    name: str
    holder: Callable[[Any], Any]
    longest: int
    required: bool = True


def _itself(thing: Any) -> Any:
    return thing


def _outcome(activity: Any) -> Any:
    return activity.outcome


#: In the order in which the form shows them.
_TEXTS: Final[Mapping[ContributionKind, tuple[Text, ...]]] = {
    ContributionKind.ACTIVITY: (
        Text("title", _itself, 200),
        Text("story", _outcome, 5000, required=False),
    ),
    ContributionKind.CHALLENGE: (
        Text("title", _itself, challenge.LONGEST_TITLE),
        Text("why", _itself, challenge.LONGEST_WHY),
    ),
    ContributionKind.COMMENT: (Text("body", _itself, LONGEST_COMMENT),),
    ContributionKind.TIP: (Text("text", _itself, 1000),),
    ContributionKind.THANKS: (Text("words", _itself, LONGEST_THANKS),),
}


def texts_of(thing: Contributed) -> dict[str, tuple[Text, str]]:
    """Those that it has, by name, with what they say now."""
    texts = [(text, text.holder(thing)) for text in _TEXTS[thing.kind]]
    return {text.name: (text, getattr(holder, text.name)) for text, holder in texts if holder is not None}


def rewrite(thing: Contributed, words: Mapping[str, str], *, by: Person, now: datetime) -> None:
    """Give its texts these words. What it is found by follows when it is shown again.

    Raises:
        TooManyLinksError: in a comment, the only thing that shows links, when `by` is new here.
    """
    if thing.kind is ContributionKind.COMMENT:
        demand_few_links(by, words["body"], now)
    for name, (text, _now) in texts_of(thing).items():
        setattr(text.holder(thing), name, words[name])
    db.session.flush()
