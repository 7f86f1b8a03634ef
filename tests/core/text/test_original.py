"""A letter's own look: what may stand in its frame, whatever came."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.core.text.original import document

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)><script>1</script></svg>",
    "<a href='java\tscript:alert(1)'>x</a>", "<a href=' data:text/html,<script>1</script>'>x</a>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<base href=//evil.example>",
    "<link rel=stylesheet href=//evil.example>", "<iframe src=//evil.example></iframe>", "<form action=//e><input></form>",
    "<object data=x></object><embed src=x>", "<math><mi xlink:href='javascript:1'>x</mi></math>",
    "<style></style><script>1</script>", "<style>a{}</style/><img src=x onerror=1>", "<video poster=//e><source src=//e>",
    "<table background='javascript:1'><tr><td>x</table>", "<img src='data:image/svg+xml,<svg onload=1>'>",
    "<noscript><p title='</noscript><img src=x onerror=1>'>", "<!--><script>1</script>-->", "<button formaction=javascript:1>",
    "<a ping=//e href=//e>x</a>", "<img srcset='//evil.example/a 2x' src=//evil.example/b>", "<body onload=1 bgcolor=red>",
]  # fmt: skip
# what stands between an attribute's quotes is text, whatever it looks like
ALIVE = re.compile(
    r"<(?:script|iframe|object|embed|form|input|button|svg|math|link|base|video|source|audio)\b"
    r'|<[a-z][^\s>]*(?:\s+[^\s="<>]+(?:="[^"]*")?)*\s+(?:on\w+|srcset|ping)\s*=',
    re.IGNORECASE,
)


def test_the_sign_of_life_is_seen():
    for html in ('<p onclick="x">', '<p class="a" title="b" onclick="x">', "<img nowrap srcset=x>", "<a ping=x>"):
        assert ALIVE.search(html)
    assert not ALIVE.search('<p title="&lt;img src=x onerror=1&gt;">')


def look(html, *, text="", pictures=None, remote=False):
    return document(html, text, address_of=(pictures or {}).get, remote=remote)


def body(html, **more):
    return look(html, **more).html.partition("<body>")[2]


@pytest.mark.parametrize("html", HOSTILE)
@pytest.mark.parametrize("remote", [False, True])
def test_nothing_alive_is_left(html, remote):
    made = body(html, remote=remote)
    assert not ALIVE.search(made)
    assert "refresh" not in made
    assert not re.search(r"(?:href|src|background)=\"\s*(?:java|data:(?!image/(?:png|jpe?g|gif|webp|bmp))|vb)", made)


@given(
    st.lists(st.sampled_from([*HOSTILE, "<style>", "</style>", "<p", ">", "'", '"', "<!--", "<div>", "]]>", "&lt;"]))
)
def test_nothing_alive_is_left_of_any_mixture(pieces):
    made = body("".join(pieces))
    # what stands within a style element is text to a browser
    assert not ALIVE.search(re.sub(r"<style[^>]*>.*?</style>", "", made, flags=re.DOTALL))


def test_styles_tables_and_colours_stay():
    made = body(
        '<style>td{color:red}</style><body bgcolor="#eee"><table width="600" cellpadding="4"><tr><td align="center">'
        '<font face="Arial" color="navy">Счёт</font></td></tr></table></body>'
    )
    for kept in (
        "<style>td{color:red}</style>",
        'bgcolor="#eee"',
        'width="600"',
        'align="center"',
        'color="navy"',
        "Счёт",
    ):
        assert kept in made


def test_pictures_of_the_letter_have_our_addresses_and_the_missing_ones_none():
    made = body(
        '<img src="cid:a@b"><img src="CID:gone"><img src="data:image/png;base64,AA">', pictures={"a@b": "/p/1/"}
    )
    assert 'src="/p/1/"' in made
    assert "gone" not in made
    assert 'src="data:image/png;base64,AA"' in made


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://t.example/1.gif">', '<img src="//t.example/1.gif">', '<td background="http://t.example/b.png">',
        '<p style="background:url( \'https://t.example/b.png\')">', "<style>@import 'x.css';</style>",
    ],
)  # fmt: skip
def test_pictures_from_elsewhere_are_told_and_come_only_when_asked_for(html):
    shown = f"<table><tr><td>{html}</td></tr></table>" if html.startswith("<img") else f"<table><tr>{html}x</table>"
    assert look(shown).has_remote
    assert look(shown, remote=True).has_remote
    if "src=" in html or "background=" in html:
        assert "t.example" not in body(shown)
        assert "t.example" in body(shown, remote=True)


def test_a_letter_without_pictures_elsewhere_tells_of_none():
    assert not look('<p>Ссылка <a href="https://x.example">x</a></p>').has_remote


def test_links_open_elsewhere_and_tell_nothing():
    assert 'target="_blank" rel="noopener noreferrer nofollow"' in body(
        '<a href="https://x.example" target="_top">x</a>'
    )


def test_a_letter_without_html_is_its_text():
    assert "<pre>Здравствуйте!\n&lt;b&gt; &amp; всё</pre>" in look(None, text="Здравствуйте!\n<b> & всё").html


def test_markup_too_heavy_for_a_browser_is_its_text():
    made = body("<div>" * 5_000 + "Текст" + "<script>1</script>")
    assert made.startswith("<pre>")
    assert "Текст" in made
    assert "<div" not in made


@given(st.text())
def test_any_text_gives_a_document(text):
    assert look(text).html.startswith("<!DOCTYPE html>")
    assert look("", text=text).html.endswith("</body></html>")
