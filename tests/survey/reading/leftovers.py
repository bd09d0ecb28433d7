"""What nobody has read of a part of a page: nothing of it may be a number, or could stand for one."""

import re
from collections.abc import Iterator
from typing import Final

from tests.survey.reading.tree import Element

#: Stages, days, and the addresses of other pages, which are the same whatever was answered.
_KNOWN_TEXTS: Final = re.compile(
    r"\bstage [12]\b|\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b( 20\d\d)?", re.IGNORECASE
)
_KNOWN_ADDRESSES: Final = re.compile(
    r"/static/.*|/survey/results/[12]|/stages/[12]|/admin/surveys/2/blanked-words|#?[a-z/-]+"
)
#: Attributes of which each is what it is, whatever was answered, if it holds no digit.
_HARMLESS: Final = frozenset(
    {"aria-hidden", "for", "id", "method", "name", "novalidate", "required", "role", "scope", "type"}
)
_KNOWN: Final = frozenset(
    {("aria-label", "The words as a table"), ("tabindex", "0"), ("value", "y"), ("datetime", "2026-09-27")}
)
#: Of these, those that stand for something are read: hues, sizes and sentiments.
_KNOWN_CLASSES: Final = frozenset(
    """
    alt at bal bal3 big btn cols even fld flow flow-l ic-s in inp ix k-bok k-ember k-sund key lnk mut n negative neutral
    ok ov own positive q row scroll short sm sn state tbl tick tight veil vh w1 w2 w3 w4 w5 wd wq wrap wrapx
    """.split()  # noqa: SIM905  one a line would hide that they are few
)


def leftovers(scope: Element) -> list[str]:
    return [left for element in scope.within() if not element.is_whole_read for left in _of(element)]


def _of(element: Element) -> Iterator[str]:
    texts = () if element.is_read else element.own_texts()
    yield from (text.strip() for text in texts if re.search(r"\d", _KNOWN_TEXTS.sub("", text)))
    for name, value in element.attributes.items():
        if not _is_known(element, name, value):
            yield f"<{element.tag} {name}={value!r}>"


def _is_known(element: Element, name: str, value: str) -> bool:
    if name == "class":
        return set(element.classes) <= _KNOWN_CLASSES
    if name in ("href", "action"):
        return _KNOWN_ADDRESSES.fullmatch(value) is not None
    if (name, value) in _KNOWN:
        return True
    return name in _HARMLESS and not re.search(r"\d", value)
