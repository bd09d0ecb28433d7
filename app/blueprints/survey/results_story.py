"""The result of a survey for reading: sentences that follow from its figures, and how large each word is."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from flask_babel import gettext as _

from app.models.survey import Group, Sentiment
from app.services.survey.comparison import Beside, certain_change, indices_beside
from app.services.survey.publication import Cell, Index, Published, Word, direction
from app.web.catalogue import CatalogueMunicipality
from app.web.filters import listed, number

#: Among so many of the most frequent words one of the other feeling is named in the heading.
_TOP = 5
_SIZES = 5


@dataclass(frozen=True)
class Headline:
    """The page in a sentence, and the one after it, if there is one. `is_of_indices`: no words stand behind it."""

    sentence: str
    but: str = ""
    is_of_indices: bool = False


@dataclass(frozen=True)
class OwnPlace:
    """The reader's own municipality. `cell` is where its answers are counted, if they may be shown at all."""

    name: str
    cell: Cell | None
    was_alone_before: bool
    indices: Mapping[str, Beside]
    #: How it stands beside all together; empty where there is nothing to say.
    sentence: str

    @property
    def stands_alone(self) -> bool:
        return self.cell is not None and not self.cell.is_several


def headline(released: Published) -> Headline:
    if released.words:
        return Headline(_leading(released.words), _but(released.words))
    if released.words is not None:
        return Headline(_("We wrote many different words"))
    if released.indices:
        return Headline(indices_heading(released), is_of_indices=True)
    return Headline(_("Too few answered"))


def indices_heading(released: Published) -> str:
    """What we want beside what we do; empty where the indices are withheld."""
    figures = released.indices
    if not figures:
        return ""
    gap = direction(figures[Group.ENGAGEMENT], figures[Group.USE], released.n or 0)
    if gap > 0:
        return _("We want more than we do")
    return _("We do more than we believe in") if gap < 0 else _("We do as much as we want")


def balance_heading(balance: Mapping[str, Beside], before: Published | None) -> str:
    """Brighter, darker, or as the stage before; empty where the balance is withheld."""
    if not balance:
        return ""
    bright, dark = balance[Sentiment.POSITIVE], balance[Sentiment.NEGATIVE]
    if bright.before and before:
        stage = before.stage.number
        if bright.change > 0:
            return _("Brighter words than in stage %(number)s", number=stage)
        if bright.change < 0:
            return _("Darker words than in stage %(number)s", number=stage)
        return _("About as bright as in stage %(number)s", number=stage)
    if bright.now.value > dark.now.value:
        return _("More bright words than dark ones")
    if bright.now.value < dark.now.value:
        return _("More dark words than bright ones")
    return _("As many bright words as dark ones")


def sized(released: Published) -> list[tuple[Word, int]]:
    """Each word with its size, from 1 to 5: its area grows with its count."""
    words = released.words or ()
    if not words:
        return []
    least, most = sqrt(words[-1].count), sqrt(words[0].count)
    step = (most - least) / _SIZES or 1
    return [(word, min(_SIZES, 1 + int((sqrt(word.count) - least) / step))) for word in words]


def own_place(released: Published, before: Published | None, place: CatalogueMunicipality) -> OwnPlace:
    cell, earlier = released.cell_of(place.slug), _alone(before, place)
    sentence = _beside_all(cell, released) if cell and not cell.is_several and len(released.cells) > 1 else ""
    # What several had together is not what one of them has alone.
    indices = indices_beside(cell, None if cell.is_several else earlier) if cell else {}
    return OwnPlace(place.name, cell, earlier is not None, indices, sentence)


def _alone(published: Published | None, place: CatalogueMunicipality) -> Cell | None:
    cell = published and published.cell_of(place.slug)
    return None if not cell or cell.is_several else cell


def _leading(words: tuple[Word, ...]) -> str:
    first = [word.word for word in words if word.count == words[0].count]
    if len(first) > _TOP:
        return _("Many words share the first place")
    if len(first) > 1:
        return _("%(words)s come first together", words=listed(first))
    return _("%(word)s comes first", word=first[0])


def _but(words: tuple[Word, ...]) -> str:
    """A word of the other feeling that is among the most frequent ones."""
    other = Sentiment.POSITIVE if words[0].sentiment == Sentiment.NEGATIVE else Sentiment.NEGATIVE
    following = [word for word in words[:_TOP] if word.count < words[0].count]
    word = next((word for word in following if word.sentiment == other), None)
    return _("But %(n)s of us wrote “%(word)s”.", n=number(word.count), word=word.word) if word else ""


def _beside_all(cell: Cell, released: Published) -> str:
    higher, lower = _groups(cell, released, 1), _groups(cell, released, -1)
    if higher and lower:
        return _(
            "You are above all together in %(higher)s, and below in %(lower)s.", higher=higher, lower=lower
        )
    if higher:
        return _("You are above all together in %(higher)s.", higher=higher)
    if lower:
        return _("You are below all together in %(lower)s.", lower=lower)
    return _("You are about where all are together.")


def _groups(cell: Cell, released: Published, way: int) -> str:
    """The indices in which it differs for certain: upwards (1) or downwards (-1)."""
    names = {Group.ENGAGEMENT: _("engagement"), Group.UNDERSTANDING: _("understanding"), Group.USE: _("use")}
    figures = (released.indices or {}).items()
    differing = [
        names[Group(group)]
        for group, value in figures
        if certain_change(cell.indices[group], Index(value), cell.n) == way
    ]
    return listed(differing) if differing else ""
