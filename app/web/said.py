"""What a comment says, as it is shown: text, with links to addresses and to whom it names."""

import re

from markupsafe import Markup

from app.models.comment import Comment, Mention
from app.services.conversation.links import linked
from app.services.conversation.mentions import AT, as_written
from app.web.catalogue import catalogue

_LINK = Markup('<a class="at {}" href="{}">@{}</a>')
_NAME = Markup('<span class="at k-sund">@{}</span>')


def said(comment: Comment, reader_id: int) -> Markup:
    """For templates, as the filter of that name; escaped. Its mentions must have been loaded."""
    mentions = sorted(comment.mentions, key=lambda mention: len(mention.name), reverse=True)
    if not mentions:
        return linked(comment.body)
    names = "|".join(f"({as_written(mention.name)})" for mention in mentions)
    shown, end = [], 0
    for found in re.finditer(f"{AT}(?:{names})", comment.body, re.IGNORECASE):
        mention, name = mentions[(found.lastindex or 1) - 1], found[0].removeprefix("@")
        shown += [linked(comment.body[end : found.start()]), _named(mention, name, reader_id)]
        end = found.end()
    return Markup("").join([*shown, linked(comment.body[end:])])


def _named(mention: Mention, name: str, reader_id: int) -> Markup:
    if mention.municipality_id:
        place = catalogue().municipalities[mention.municipality_id]
        return _LINK.format("kom k-raps", f"/leaderboard/{place.slug}", name)
    if mention.person is None or mention.person.left_at:
        return _NAME.format(name)
    css = "me" if mention.person_id == reader_id else "k-sund"
    return _LINK.format(css, f"/people/{mention.person_id}", name)
