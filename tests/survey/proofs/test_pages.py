"""What everybody reads, on every page and in the JSON, is what the snapshot says: nothing more and nothing less; and of
all that they read together no more can be computed than of the snapshot.

Thirty worlds at random, of each the pages of six publications as seven kinds of viewers see them: a participant of each
of three municipalities, small or big as it comes, a coordinator, the steering group, a lead, and somebody signed out.
"""

import re
from itertools import pairwise

import pytest

from app.services.survey.publication import PUBLICATIONS
from tests.survey.proofs.generated import generated
from tests.survey.proofs.patterns import leaks_in
from tests.survey.proofs.rank import functionals
from tests.survey.reading.expected import TOLD
from tests.survey.reading.facts import snapshot_of
from tests.survey.reading.fetching import NUMBER, PLACES, Readers
from tests.survey.reading.page import READERS

pytestmark = pytest.mark.usefixtures("at_now")


def test_every_publication_is_read() -> None:
    assert set(TOLD) == set(PUBLICATIONS) == {*READERS, "insights.show_json"}


def test_each_is_read_by_those_who_may(readers: Readers) -> None:
    everybody = {*readers.people, "nobody"}
    may = {
        endpoint: {who for who in everybody if readers.may_read(who, endpoint)} for endpoint in PUBLICATIONS
    }
    analysts = {"coordinator", "steering", "lead"}
    assert may == {
        **dict.fromkeys(("survey.results", "stages.index", "stages.show"), everybody - {"nobody"}),
        **dict.fromkeys(("insights.show", "insights.show_json"), analysts),
        "admin.survey": {"lead"},
    }


@pytest.mark.slow
def test_all_read_what_the_snapshot_says_and_nothing_too_small_can_be_computed_of_it(
    readers: Readers,
) -> None:
    worlds = list(generated(31))
    for before, now in pairwise(worlds):
        told = readers.demand_no_other(before.snapshot, now.snapshot)
        assert snapshot_of(told, NUMBER) == _in_any_order(now.snapshot)
        assert leaks_in(functionals(snapshot_of(told, NUMBER), PLACES), now.pattern) == []
    snapshots = [world.snapshot for world in worlds]
    assert {len(one["cells"]) for one in snapshots} == {0, 2, 3}
    assert [one for one in snapshots if one["words"] and one["others"] and one["balance"]]
    for withheld in ("words", "others", "balance"):
        assert {one[withheld] is None for one in snapshots} == {True, False}, "both are there"


def test_in_swedish_the_same_numbers_are_there(readers: Readers) -> None:
    for before, now in pairwise(generated(4, seed=2)):
        readers.publish(before.snapshot, now.snapshot)
        english, swedish = (_numbers(readers, language) for language in ("en", "sv"))
        assert english == swedish


def _numbers(readers: Readers, language: str) -> dict[tuple[str, str], list[str]]:
    readers.speak(language)
    pages = {
        (who, endpoint): readers.fetch(who, endpoint).text for who in readers.people for endpoint in READERS
    }
    return {key: re.findall(r"\d+", page[page.find("<main") :]) for key, page in pages.items()}


def _in_any_order(snapshot: dict[str, object]) -> dict[str, object]:
    cells = snapshot["cells"]
    assert isinstance(cells, list)
    return {**snapshot, "cells": sorted(cells, key=lambda cell: " ".join(cell["municipalities"]))}
