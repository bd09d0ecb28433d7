"""What a comment says, as it is shown: text, with links to addresses and to whom it names."""

import re

from markupsafe import Markup

from app.models.comment import Comment, Mention
from app.services.conversation.links import linked
from app.services.conversation.mentions import AT
from app.web.catalogue import catalogue

_LINK = Markup('<a class="at {}" href="{}">@{}</a>')
_NAME = Markup('<span class="at k-sund">@{}</span>')


def said(comment: Comment, reader_id: int) -> Markup:
    """For templates, as the filter of that name; escaped. Its mentions must have been loaded."""
    by_name = {mention.name.casefold(): mention for mention in comment.mentions}
    if not by_name:
        return linked(comment.body)
    names = "|".join(map(re.escape, sorted((one.name for one in by_name.values()), key=len, reverse=True)))
    pieces = re.split(rf"{AT}({names})(?!\w)", comment.body, flags=re.IGNORECASE)
    # Every second piece is a name.
    shown = (
        _named(by_name[piece.casefold()], piece, reader_id) if number % 2 else linked(piece)
        for number, piece in enumerate(pieces)
    )
    return Markup("").join(shown)


def _named(mention: Mention, name: str, reader_id: int) -> Markup:
    if mention.municipality_id:
        place = catalogue().municipalities[mention.municipality_id]
        return _LINK.format("kom k-raps", f"/leaderboard/{place.slug}", name)
    if mention.person is None or mention.person.left_at:
        return _NAME.format(name)
    css = "me" if mention.person_id == reader_id else "k-sund"
    return _LINK.format(css, f"/people/{mention.person_id}", name)
