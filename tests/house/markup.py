"""What the templates hold, read from their syntax trees: parents, includes, blocks, headings."""

from collections.abc import Iterator
from functools import cache

from jinja2 import Environment, FileSystemLoader, nodes

from tests.house.tracked import ROOT, tracked

TEMPLATES = ROOT / "app" / "templates"

_ENV = Environment(
    loader=FileSystemLoader(TEMPLATES),
    extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
    autoescape=True,
)


def templates() -> list[str]:
    """Names as `render_template` takes them."""
    paths = tracked(
        "app/templates/*.html", "app/templates/*.txt", "app/templates/*.xml", "app/templates/*.svg"
    )
    return [path.relative_to(TEMPLATES).as_posix() for path in paths]


def source(template: str) -> str:
    return (TEMPLATES / template).read_text("utf-8")


@cache
def tree(template: str) -> nodes.Template:
    """The syntax tree; a template that does not parse raises here, with its line."""
    return _ENV.parse(source(template), filename=template)


def parent(template: str) -> str | None:
    """The layout that it extends, by name."""
    extends = tree(template).find(nodes.Extends)
    return extends.template.value if extends and isinstance(extends.template, nodes.Const) else None


def is_page(template: str) -> bool:
    """Whether it is a whole page: it extends a layout, and is neither a layout itself nor a part (`_queue.html`)."""
    folder, _, name = template.rpartition("/")
    return parent(template) is not None and folder != "layouts" and not name.startswith("_")


def blocks(template: str) -> set[str]:
    """Names of the blocks that it fills, itself or through a parent that is a page."""
    own = {block.name for block in tree(template).find_all(nodes.Block)}
    above = parent(template)
    return own | blocks(above) if above and is_page(above) else own


def headings(template: str) -> int:
    """How many `<h1` stand in it, in what it includes and extends, and in the macros that it calls."""
    above = parent(template)
    return _headings(tree(template), _macros(template)) + (headings(above) if above else 0)


def _headings(node: nodes.Node, macros: dict[str, nodes.Macro]) -> int:
    found = 0
    for child in _outside_macros(node):
        if isinstance(child, nodes.TemplateData):
            found += child.data.count("<h1")
        elif isinstance(child, nodes.Include):
            found += sum(headings(included) for included in _constants(child.template))
        elif isinstance(child, nodes.Call) and (called := macros.get(_dotted(child.node))):
            found += _headings(called, {})
    return found


def _macros(template: str) -> dict[str, nodes.Macro]:
    """The macros that the template may call, by the name that it calls them by."""
    known = {macro.name: macro for macro in tree(template).find_all(nodes.Macro)}
    for imported in tree(template).find_all(nodes.Import):
        for file in _constants(imported.template):
            known |= {f"{imported.target}.{macro.name}": macro for macro in tree(file).find_all(nodes.Macro)}
    for chosen in tree(template).find_all(nodes.FromImport):
        for file in _constants(chosen.template):
            theirs = {macro.name: macro for macro in tree(file).find_all(nodes.Macro)}
            for entry in chosen.names:
                original, alias = entry if isinstance(entry, tuple) else (entry, entry)
                if original in theirs:
                    known[alias] = theirs[original]
    return known


def _outside_macros(node: nodes.Node) -> Iterator[nodes.Node]:
    for child in node.iter_child_nodes():
        if not isinstance(child, nodes.Macro):
            yield child
            yield from _outside_macros(child)


def _constants(node: nodes.Expr) -> list[str]:
    """The templates that it names whole; one that is put together, as for each kind of a thing, holds no heading."""
    constants = [const for const in [node, *node.find_all(nodes.Const)] if isinstance(const, nodes.Const)]
    return [const.value for const in constants if const.value in templates()]


def _dotted(node: nodes.Expr) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_dotted(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else ""
