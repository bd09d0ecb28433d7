"""A page as a tree of elements, of which each text and each shape is taken once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_WITHOUT_END: Final = frozenset({"br", "hr", "img", "input", "link", "meta", "source", "wbr"})


@dataclass(eq=False)
class Element:
    tag: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)
    #: Its own texts, and those within it, have been read; attributes have not.
    is_read: bool = False
    #: All of it has been read, with every attribute.
    is_whole_read: bool = False

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def within(self) -> Iterator["Element"]:
        """It, and all elements in it, in the page's order."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.within()

    def all(self, tag: str, css: str = "") -> list["Element"]:
        return [one for one in self.within() if one.tag == tag and (not css or css in one.classes)]

    def one(self, tag: str, css: str = "") -> "Element":
        (found,) = self.all(tag, css)
        return found

    @property
    def text(self) -> str:
        """What is written in it, with single spaces."""
        return " ".join("".join(self._texts()).split())

    def take(self) -> str:
        """Its text, which is read by that."""
        for one in self.within():
            one.is_read = True
        return self.text

    def own_texts(self) -> Iterator[str]:
        return (child for child in self.children if isinstance(child, str))

    def shape(self) -> list[tuple[str, dict[str, str]]]:
        """Every element in it with its attributes; whoever compares that has read all of it."""
        for one in self.within():
            one.is_whole_read = one.is_read = True
        return [(one.tag, one.attributes) for one in self.within()]

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            yield from child._texts() if isinstance(child, Element) else (child,)


def tree(page: str) -> Element:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.root


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in _WITHOUT_END:
            self._open.append(self._open[-1].children[-1])  # type: ignore[arg-type]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while self._open.pop().tag != tag:
            assert len(self._open) > 1, f"</{tag}> ends nothing"

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        self._open[-1].children.append(data)  # a comment is sent too
