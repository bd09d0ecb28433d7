"""What the values in a programme file are made of: texts, numbers, days. schema.py and schema_challenges.py use them.

A field's description says what is allowed, in words that go on after "must be …": the author reads them in a fault.
"""

from collections.abc import Callable, Collection
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from app.text import hidden_characters, in_words, trimmed

_DAY = "a date from 2000 to 2100 such as 2026-09-07, without quotes"


def allowed(description: str, **constraints: Any) -> Any:
    return Field(description=description, **constraints)


def whole(low: int, high: int, **constraints: Any) -> Any:
    return allowed(f"a whole number from {low} to {high}", ge=low, le=high, **constraints)


def one_of_words(words: Callable[[], Collection[str]]) -> AfterValidator:
    def check(word: str) -> str:
        if word not in words():
            raise PydanticCustomError("not_one_of", "not one of those allowed", {"allowed": words()})
        return word

    return AfterValidator(check)


def clean(text: str) -> str:
    for place in hidden_characters(text):
        raise ValueError(f"must hold no character that cannot be seen, such as {in_words(text[place])}")
    return trimmed(text)


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1),
    AfterValidator(clean),
    allowed("a text that is not empty"),
]
Slug = Annotated[
    str, allowed("small letters a-z, digits and single dashes", pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
]
Day = Annotated[date, allowed(_DAY, ge=date(2000, 1, 1), le=date(2100, 12, 31))]


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
