"""What people write is shown as text; addresses become links, and nothing else becomes anything."""

import pytest
from markupsafe import escape

from app.services.conversation.links import link_count, linked

#: Each tries to become markup, or a link to something else than a page.
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><script>alert(1)</script>',
    "'-alert(1)-'",
    '<a href="javascript:alert(1)">x</a>',
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<math><mtext></mtext><mglyph><style><img src onerror=alert(1)>",
    "{{ 7 * 7 }}{% print(1) %}",
    "<!--><script>alert(1)</script>-->",
    "<b>fet</b> & <i>kursiv</i>",
)
#: Each is an address with something that tries to get out of it.
ADDRESSES = (
    'https://example.se/"onmouseover="alert(1)',
    "https://example.se/'><script>alert(1)</script>",
    "https://example.se/<script>alert(1)</script>",
    "https://example.se/?q=<img src=x onerror=alert(1)>",
    "https://example.se/`onerror=alert(1)`",
    'www.example.se/"><svg/onload=alert(1)>',
    "https://example.se/&quot;onmouseover=&quot;alert(1)",
    'mailto:a@example.se?subject="><script>',
)


@pytest.mark.parametrize("text", PAYLOADS)
def test_what_is_no_address_is_shown_as_it_was_written(text: str) -> None:
    assert linked(text) == escape(text)
    assert link_count(text) == 0


@pytest.mark.parametrize("text", ADDRESSES)
def test_out_of_an_address_nothing_gets(text: str) -> None:
    shown = str(linked(text))
    outside = shown.replace('" rel="nofollow noopener ugc">', "").replace("</a>", "")
    for beginning in ('<a href="https://', '<a href="mailto:', '<a href="http://'):
        outside = outside.replace(beginning, "")
    assert [sign for sign in "<>\"'" if sign in outside] == []


def test_an_address_is_a_link_that_gives_no_weight_and_no_hold() -> None:
    shown = linked("Se (https://familjen.example.se/resan), och www.example.se.")
    link = '<a href="https://familjen.example.se/resan" rel="nofollow noopener ugc">'
    assert f"({link}https://familjen.example.se/resan</a>), och" in shown
    assert 'href="https://www.example.se"' in shown
    assert shown.endswith("</a>.")


@pytest.mark.parametrize(
    ("text", "count"),
    [("Ingen.", 0), ("https://a.se", 1), ("https://a.se\nhttp://b.se www.c.se", 3), ("<a href= <a href=", 0)],
)
def test_links_are_counted_as_they_are_shown(text: str, count: int) -> None:
    assert link_count(text) == count
