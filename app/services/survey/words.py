"""The words of a survey: counted for the programme alone, and shown when five wrote them (docs/product.md, point 6)."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from app.models.survey import MOST_WORDS, Sentiment
from app.services.survey.balance import MOST_OF_TWO, balance, capped
from app.services.survey.ballot import Association

#: The fewest ballots with words of which any is shown, and of which a lead reads them.
FEWEST_BALLOTS: Final = 30
#: A word is shown when so many wrote it, and so many did not.
FEWEST_WRITERS: Final = 5
#: More would be no picture any more. The rest is counted among the others.
MOST_SHOWN: Final = 60
#: How many words a lead reads: far more than can be shown.
MOST_READ: Final = 300

_Words = Sequence[Association]


@dataclass(frozen=True)
class Review:
    """What a lead decided, by keys (`key_of`): a word that is another spelling of one, and words that are not shown."""

    same_as: Mapping[str, str] = field(default_factory=dict)
    blanked: frozenset[str] = frozenset()

    def key(self, word: str) -> str:
        """The key under which the word is counted. Merges may follow each other, but never in a circle."""
        key, seen = key_of(word), set[str]()
        while key in self.same_as and key not in seen:
            seen.add(key)
            key = self.same_as[key]
        return min(seen) if key in seen else key

    @property
    def stamp(self) -> str:
        """A short hash: different for different decisions, and empty for none."""
        text = json.dumps(self.as_json(), sort_keys=True)
        return sha256(text.encode()).hexdigest()[:16] if self.same_as or self.blanked else ""

    def as_json(self) -> dict[str, Any]:
        return {"same_as": dict(self.same_as), "blanked": sorted(self.blanked)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any] | None) -> "Review":
        return cls(kept["same_as"], frozenset(kept["blanked"])) if kept else cls()


@dataclass
class Tally:
    """A word in all ballots: how it was spelled, and what was felt about it."""

    spellings: Counter[str] = field(default_factory=Counter)
    sentiments: Counter[Sentiment] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return self.sentiments.total()

    @property
    def spelling(self) -> str:
        """The most frequent one."""
        return min(self.spellings, key=lambda spelling: (-self.spellings[spelling], spelling))

    @property
    def sentiment(self) -> Sentiment:
        """That of the most; neutral when two are as frequent."""
        (first, most), *others = self.sentiments.most_common()
        return Sentiment.NEUTRAL if others and others[0][1] == most else first


def key_of(word: str) -> str:
    """Words that differ in case or spacing are one word."""
    return " ".join(word.casefold().split())


def tallies(ballots: Iterable[_Words], review: Review) -> dict[str, Tally]:
    """By key. A ballot counts once for a word, with the feeling at its first mention."""
    by_key: dict[str, Tally] = defaultdict(Tally)
    for words in ballots:
        own: dict[str, Association] = {}
        for one in words:
            own.setdefault(review.key(one.word), one)
        for key, one in own.items():
            # However many wrote a spelling that was merged, the one that it was merged into is shown.
            is_own = key_of(one.word) == key
            by_key[key].spellings[one.word if is_own else key] += is_own
            by_key[key].sentiments[one.sentiment] += 1
    return by_key


def words_to_read(ballots: Sequence[_Words]) -> list[dict[str, Any]]:
    """What a lead reads before the release: the most frequent words, without a municipality; none where too few wrote
    any for them to be shown."""
    if _writers(ballots) < FEWEST_BALLOTS:
        return []
    return [
        {"key": key, "word": one.spelling, "count": one.count, "sentiment": one.sentiment.value}
        for key, one in _by_frequency(tallies(ballots, Review()))[:MOST_READ]
    ]


def word_figures(ballots: Sequence[_Words], review: Review) -> dict[str, Any]:
    """`words` (each `word`, `count`, `sentiment`), `others` (the number of the rest; None when two people can have
    written it), and `balance` (percentages; None of too few words); all None where too few wrote any."""
    writers = _writers(ballots)
    if writers < FEWEST_BALLOTS:
        return {"words": None, "others": None, "balance": None}
    by_key = tallies(ballots, review)
    most = writers - FEWEST_WRITERS
    shown = list(_shown(by_key, review, writers))
    others = _others(by_key, {key for key, _one in shown})
    return {
        "words": [
            {"word": one.spelling, "count": min(one.count, most), "sentiment": one.sentiment.value}
            for _key, one in shown
        ],
        "others": others.total() or None,
        "balance": balance([(one.sentiment, capped(one.sentiments, most)) for _key, one in shown], others),
    }


def _shown(by_key: Mapping[str, Tally], review: Review, writers: int) -> Iterator[tuple[str, Tally]]:
    """Those that five wrote, from the most frequent on, as long as two people need not have written any of them."""
    enough = [
        (key, one)
        for key, one in _by_frequency(by_key)
        if one.count >= FEWEST_WRITERS and key not in review.blanked
    ]
    left = MOST_WORDS * writers - MOST_OF_TWO
    for key, one in enough[:MOST_SHOWN]:
        left -= min(one.count, writers - FEWEST_WRITERS)
        if left < 0:
            return
        yield key, one


def _others(by_key: Mapping[str, Tally], shown: Collection[str]) -> Counter[Sentiment]:
    """The feelings about the rest; none when two people can have written it all: one of them knows their own part, and
    the number would tell the other's."""
    others = sum((one.sentiments for key, one in by_key.items() if key not in shown), start=Counter())
    return others if others.total() > MOST_OF_TWO else Counter()


def _writers(ballots: Iterable[_Words]) -> int:
    return sum(bool(words) for words in ballots)


def _by_frequency(by_key: Mapping[str, Tally]) -> list[tuple[str, Tally]]:
    return sorted(by_key.items(), key=lambda item: (-item[1].count, item[0]))
