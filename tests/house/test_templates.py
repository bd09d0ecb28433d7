"""Rules that every template keeps: parses, has title and heading, nothing inline, forms carry their token."""

import re
from collections.abc import Iterator

import pytest
from jinja2 import nodes

from tests.house import markup
from tests.house.tracked import tracked

pytestmark = pytest.mark.house

#: Where `|safe` is allowed, and why. Each entry is (template, the expression before the filter).
SAFE: set[tuple[str, str]] = set()

#: A line is one thought; also djlint's limit (pyproject.toml).
_LONGEST_LINE = 140
#: What one macro or global draws is written nowhere else: (what nobody writes by hand, where it stands, what to call).
_DRAWN_ONCE = (
    ("<use", "", "icon() or mark(), app/web/icons.py"),
    ("sprite_url", "", "icon() or mark(), app/web/icons.py"),
    ('class="av ', "", "avatar(), app/web/avatar.py"),
    ('class="state', "components/state.html", "state()"),
    ('class="tag v-', "components/values.html", "value_tag()"),
    ('class="note ', "components/note.html", "note()"),
)
#: Folders of pages without a session, whose address itself is the secret (tests/house/test_app.py names their routes).
_BY_THEIR_ADDRESS = ("closeout/", "unsubscribe/")
#: Parameters that a macro does not read: it is kept by them (app/web/markup.py).
_KEPT_BY = {("components/rail.html", "rail", "role"), ("components/rail.html", "rail", "endpoint")}

_COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"<[a-zA-Z][^<>]*(?:\{\{.*?\}\}[^<>]*|\{%.*?%\}[^<>]*)*>", re.DOTALL)
_INLINE_ATTRIBUTE = re.compile(r"""\s(?:style|on[a-z]+|hx-on[\w:.-]*)\s*=""", re.IGNORECASE)
_INLINE_SCRIPT = re.compile(
    r"<script(?![^>]*\b(?:src=|type=\"application/(?:ld\+)?json\"))[^>]*>", re.IGNORECASE
)
_FORM = re.compile(r"<form\b[^>]*\bmethod=\"?post\"?.*?</form>", re.DOTALL | re.IGNORECASE)
_INCLUDE = re.compile(r"""\{%-?\s*include\s*["']([^"']+)["'][^%]*%\}""")
_OTHER_ORIGIN = re.compile(
    r"<(?:script|img|link|iframe|source|video|audio)\b[^>]*\b(?:src|srcset|href)=\"(?:https?:)?//"
)

_TEMPLATES = markup.templates()
_MARKUP = [template for template in _TEMPLATES if template.endswith(".html")]
#: Pages of the application: a mail is read elsewhere, where no sheet of ours can be fetched.
_ON_OUR_SITE = [template for template in _MARKUP if not template.startswith("mail/")]
_PAGES = [template for template in _MARKUP if markup.is_page(template)]


def _plain(template: str) -> str:
    return _COMMENT.sub("", markup.source(template))


def test_there_are_pages_to_check() -> None:
    assert len(_PAGES) >= 10


@pytest.mark.parametrize("template", _TEMPLATES)
def test_a_template_parses(template: str) -> None:
    markup.tree(template)


@pytest.mark.parametrize("template", _PAGES)
def test_a_page_has_a_title_and_a_heading(template: str) -> None:
    assert "title" in markup.blocks(template), "the page fills no block named title"
    assert markup.headings(template) >= 1, "the page has no h1"


@pytest.mark.parametrize("template", _ON_OUR_SITE)
def test_nothing_is_inline(template: str) -> None:
    plain = _plain(template)
    assert [tag for tag in _TAG.findall(plain) if _INLINE_ATTRIBUTE.search(tag)] == []
    assert _INLINE_SCRIPT.findall(plain) == []
    assert "<style" not in plain.lower()
    assert "javascript:" not in plain.lower()


@pytest.mark.parametrize("template", _MARKUP)
def test_nothing_is_loaded_from_another_origin(template: str) -> None:
    assert _OTHER_ORIGIN.findall(_plain(template)) == []


@pytest.mark.parametrize("template", [one for one in _MARKUP if not one.startswith(_BY_THEIR_ADDRESS)])
def test_every_posting_form_carries_the_token(template: str) -> None:
    bare = [
        form[:120] for form in _FORM.findall(_plain(template)) if "csrf_field(" not in _with_includes(form)
    ]
    assert bare == []


def _with_includes(part: str) -> str:
    return _INCLUDE.sub(lambda found: _with_includes(_plain(found[1])), part)


def test_markup_is_declared_safe_only_where_it_is_listed() -> None:
    found = {
        (template, _expression(used))
        for template in _TEMPLATES
        for used in markup.tree(template).find_all(nodes.Filter)
        if used.name == "safe"
    }
    assert found == SAFE
    assert [template for template in _TEMPLATES if re.search(r"autoescape\s+false", _plain(template))] == []


def _expression(used: nodes.Filter) -> str:
    return " ".join(name.name for name in used.find_all(nodes.Name))


@pytest.mark.parametrize("template", _TEMPLATES)
def test_a_line_is_one_thought(template: str) -> None:
    lines = enumerate(markup.source(template).splitlines(), start=1)
    assert [(number, len(line)) for number, line in lines if len(line) > _LONGEST_LINE] == []


@pytest.mark.parametrize("template", _MARKUP)
def test_what_a_macro_draws_is_not_written_by_hand(template: str) -> None:
    plain = _plain(template)
    assert [call for part, home, call in _DRAWN_ONCE if part in plain and template != home] == []


@pytest.mark.parametrize("template", _MARKUP)
def test_a_template_imports_what_it_uses(template: str) -> None:
    tree = markup.tree(template)
    used = {name.name for name in tree.find_all(nodes.Name)}
    assert sorted(set(_imported(tree)) - used) == []


def _imported(tree: nodes.Template) -> Iterator[str]:
    for whole in tree.find_all(nodes.Import):
        yield whole.target
    for chosen in tree.find_all(nodes.FromImport):
        yield from (entry[1] if isinstance(entry, tuple) else entry for entry in chosen.names)


def test_every_macro_is_called_and_reads_its_parameters() -> None:
    words = re.findall(r"\w+", "".join(map(_plain, _MARKUP)) + _code())
    macros = [(file, macro) for file in _MARKUP for macro in markup.tree(file).find_all(nodes.Macro)]
    assert [(file, macro.name) for file, macro in macros if words.count(macro.name) < 2] == []
    unread = {(file, macro.name, name) for file, macro in macros for name in _unread(macro)}
    assert unread == _KEPT_BY


def _code() -> str:
    return "".join(path.read_text() for path in tracked("app/blueprints/*.py"))


def _unread(macro: nodes.Macro) -> set[str]:
    body = nodes.Output(macro.body)  # a parent for the statements, to be searched as one
    return {argument.name for argument in macro.args} - {name.name for name in body.find_all(nodes.Name)}
