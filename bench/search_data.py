"""A database with many activities whose words are spread as words are: a few stand in many, most in hardly any."""

from array import array
from collections import defaultdict
from collections.abc import Iterable
from itertools import accumulate, islice, product
from random import Random
from typing import Any

from sqlalchemy import select

from app.extensions import Model, db
from app.models.person import Person
from app.models.search import SearchDocument, SearchEnding, SearchKind, SearchPosting, SearchWord
from app.models.upsert import upsert
from app.services.search import index
from app.services.search.words import endings, indexed_words, stem
from bench.database import FilledDatabase, filled
from bench.feed_data import Contents

_BEGINNINGS = (
    "fika bibliotek cykel familje skol bygg vatten kultur musik lek mat kaffe park torg strand skog bok film spel "
    "språk dans kör kust hamn buss tåg väg bro marknad mässa kurs lunch frukost kväll morgon vinter sommar höst vår "
    "förenings närings medborgar kommun region gräns samarbets utbildnings erfarenhets idé upptäckts hälso miljö "
    "energi trafik turist besöks välkomst ungdoms äldre barn"
)
_ENDS = (
    "möte träff dag kväll vandring rundtur verkstad kafé fest läger stig karta grupp samtal föreläsning utställning "
    "loppis tävling giro lopp bytardag odling städning resa besök lunch frukost hörna bord rum hus plats skola cirkel "
    "nätverk projekt vecka helg kalender guide app blad film podd bild vägg låda kasse cykel bil buss båt bro port"
)
_WORDS_OF_AN_ACTIVITY = 24
_PORTION = 10_000


class _Texts:
    """Makes the texts of activities, the same in every run, and remembers which words they have."""

    def __init__(self) -> None:
        random = Random(2)
        compounds = [f"{one}{other}" for one, other in product(_BEGINNINGS.split(), _ENDS.split())]
        endless = [f"{one}{number}" for number in range(12) for one in compounds]
        random.shuffle(endless)
        self._words = list(dict.fromkeys([*_BEGINNINGS.split(), *compounds, *endless]))
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(len(self._words))))
        self._random = random
        #: By the activity's number.
        self._stems: dict[int, str] = {}
        self._stem_of = {word: [stem(one) for one in indexed_words([word])] for word in self._words}

    def __call__(self, number: int) -> dict[str, str]:
        words = self._random.choices(self._words, cum_weights=self._weights, k=_WORDS_OF_AN_ACTIVITY)
        self._stems[number] = " ".join(sorted({one for word in words for one in self._stem_of[word]}))
        title, place, audience, sign = words[:5], words[5:8], words[8:12], words[12:]
        return {
            "title": " ".join(title).capitalize(),
            "place": " ".join(place),
            "audience": " ".join(audience),
            "success_sign": " ".join(sign),
        }

    def write_index(self) -> None:
        """Straight into the tables, in the order of their keys, except for people: the service would take hours."""
        postings: dict[str, array[int]] = defaultdict(lambda: array("i"))
        for number, stems in self._stems.items():
            for one in stems.split():
                postings[one].append(number)
        words = [word for word in sorted(self._words) if postings.keys() >= set(self._stem_of[word])]
        self._write(SearchWord, (index.spellings_of(word) for word in words))
        self._write(SearchEnding, ({"word": word, "ending": one} for word in words for one in endings(word)))
        kind = SearchKind.ACTIVITY.value
        self._write(
            SearchDocument,
            ({"kind": kind, "thing_id": number, "stems": stems} for number, stems in self._stems.items()),
        )
        self._write(
            SearchPosting,
            (
                {"stem": one, "kind": kind, "thing_id": number}
                for one in sorted(postings)
                for number in postings[one]
            ),
        )
        everybody = list(db.session.scalars(select(Person.id)))
        index.refresh(SearchKind.PERSON, everybody)

    def _write(self, model: type[Model], rows: Iterable[dict[str, Any]]) -> None:
        """In portions, as they are made: all of them would not fit into memory."""
        endless = iter(rows)
        while portion := list(islice(endless, _PORTION)):
            db.session.connection().execute(upsert(model).on_conflict_do_nothing(), portion)
        db.session.commit()


def fill_with_words(
    environment: dict[str, str], activities: int, person_ids: tuple[int, ...]
) -> FilledDatabase:
    """That many activities, and 30,000 people, in the index; those people are signed in."""
    texts = _Texts()

    def fill() -> None:
        Contents(activities, texts=texts).insert()
        texts.write_index()

    return filled(environment, fill, person_ids=person_ids)
