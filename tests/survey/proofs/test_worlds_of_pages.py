"""The small worlds again, by all that everybody reads on every page and in the JSON, instead of by the snapshot.

Pages that are made of the same snapshot are the same (test_swaps), so each snapshot that comes out of these worlds is
published and read once.
"""

import json
from collections.abc import Callable, Hashable
from typing import Final

import pytest

from tests.survey.proofs.test_worlds import KINDS, Kind, release_of, what_is_told
from tests.survey.proofs.test_worlds_of_words import TWO_WORDS, few_words, release_of_words, told_by_words
from tests.survey.proofs.worlds import World
from tests.survey.reading.fetching import NOTHING, PLACES, Readers

__all__ = ["few_words"]  # the fixture

_SLUGS: Final = dict(enumerate(PLACES, 1))


#: A municipality alone; two that stand together beside one alone; and two, where some leave out the statements.
_KINDS: Final = [
    kind for kind in KINDS if (kind.sizes, len(kind.hidden)) in {((6,), 5), ((3, 3, 6), 3), ((6, 7), 2)}
]


def read_together(
    readers: Readers, release: Callable[[World], str], *whom: str
) -> Callable[[World], Hashable]:
    """All that these read together of what is released of a world."""
    read: dict[str, Hashable] = {}

    def facts(world: World) -> Hashable:
        snapshot = release(world)
        if snapshot not in read:
            readers.publish(NOTHING, {**NOTHING, **json.loads(snapshot)})
            read[snapshot] = frozenset(readers.read_together(*whom).items())
        return read[snapshot]

    return facts


@pytest.mark.slow
@pytest.mark.parametrize("kind", _KINDS, ids=lambda kind: f"{kind.sizes}-{len(kind.hidden)}")
def test_nobody_can_rule_out_what_another_one_answered(readers: Readers, kind: Kind) -> None:
    slugs = {place: slug for place, slug in _SLUGS.items() if place <= len(kind.sizes)}
    # A lead sees every format, and nobody's own municipality but theirs.
    facts = read_together(readers, release_of(kind, slugs), "lead", *slugs.values())
    excluded, number = what_is_told(kind, facts)
    assert excluded == []
    assert number in (210, 1008, 2800)


@pytest.mark.slow
def test_nor_what_they_wrote(readers: Readers, few_words: None) -> None:
    facts = read_together(readers, release_of_words, "lead")
    assert told_by_words(12, TWO_WORDS, facts) == ([], 6188)
