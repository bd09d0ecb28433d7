"""What a programme file may say of challenges and of the templates that others are made from."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from app.models.challenge import (
    LONGEST_LINE,
    LONGEST_TITLE,
    LONGEST_WHY,
    MOST_DONE_WHEN,
    MOST_GOAL,
    MOST_POINTS,
    ChallengeKind,
)
from app.services.programme.schema_fields import Day, Slug, Table, allowed, clean, one_of_words, whole

_Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE),
    AfterValidator(clean),
    allowed(f"a text that is not empty, of at most {LONGEST_TITLE} characters"),
]
_Why = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_WHY),
    AfterValidator(clean),
    allowed(f"a text that is not empty, of at most {LONGEST_WHY} characters"),
]
#: Without a description of its own: the author is told of the whole list.
_Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_LINE),
    AfterValidator(clean),
]
_KINDS = [kind.value for kind in ChallengeKind]
_KindOfChallenge = Annotated[str, one_of_words(lambda: _KINDS), allowed(f"one of {', '.join(_KINDS)}")]
_YesOrNo = Annotated[bool, allowed("true or false")]


class ChallengeTemplateEntry(Table):
    slug: Slug
    title: _Title
    why: _Why
    done_when: list[_Line] = allowed(
        f"a list of one to {MOST_DONE_WHEN} texts, each of at most {LONGEST_LINE} characters",
        min_length=1,
        max_length=MOST_DONE_WHEN,
    )
    kind: _KindOfChallenge
    #: How many completions in a municipality reach it; reading.py demands it where it is needed.
    goal: Annotated[int, whole(1, MOST_GOAL)] | None = None
    points: int = whole(1, MOST_POINTS)
    needs_photo: _YesOrNo = False
    needs_approval: _YesOrNo = False
    value: Slug | None = None
    focus_area: Slug | None = None


class ChallengeEntry(ChallengeTemplateEntry):
    stage: int = whole(1, 1000)
    value: Slug
    focus_area: Slug
    municipality: Slug | None = None
    opens_on: Day | None = None
    closes_on: Day | None = None
