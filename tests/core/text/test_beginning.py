"""What was said of a letter keeps its markup; what follows goes, and no word is lost or added."""

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.core.text.beginning import beginning
from helpdesk.core.text.sanitise import clean

TABLE = "<table><tr><td>ЛС</td><td>Сумма</td></tr><tr><td>4500123871</td><td>784,92</td></tr></table>"
SAID = "Добрый день! Суммы:\nЛС  Сумма\n4500123871  784,92\nПроверьте, пожалуйста?"
OUTLOOK = f"""<div class=WordSection1><p class=MsoNormal>Добрый день! Суммы:</p>{TABLE}<p>Проверьте, <b>пожалуйста</b>?</p>
<p>&nbsp;</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Поддержка<br><b>Sent:</b> Monday</p></div>
<p>Старое письмо</p></div>"""
GMAIL = f"""<div dir="ltr">Добрый день! Суммы:{TABLE}<div>Проверьте, <b>пожалуйста</b>?</div></div><br>
<div class="gmail_quote"><div class="gmail_attr">пн, 2 мар. 2026 г. в 10:00, Поддержка:<br></div>
<blockquote class="gmail_quote">Старое письмо</blockquote></div>"""
MAILRU = f"""<div>Добрый день! Суммы:</div>{TABLE}<div>Проверьте, <b>пожалуйста</b>?</div><div>--<br>Мария Иванова</div>
<blockquote style="border-left:1px solid"> Понедельник, 2 марта 2026: <div>Старое письмо</div></blockquote>"""
YANDEX = f"""<div><div>Добрый день! Суммы:</div>{TABLE}<div>Проверьте, <b>пожалуйста</b>?</div></div><div> </div>
<div>02.03.2026, 10:00, «Поддержка»:</div><blockquote>Старое письмо</blockquote>"""


def kept(html, said):
    return beginning(clean(html).html, said)


@pytest.mark.parametrize("html", [OUTLOOK, GMAIL, MAILRU, YANDEX])
def test_an_answer_above_a_quotation_keeps_its_table(html):
    made = kept(html, SAID)
    assert "<td>4500123871</td>" in made and "<b>пожалуйста</b>?" in made
    for gone in ("Старое", "From", "blockquote", "Понедельник", "--", "02.03", "Мария"):
        assert gone not in made
    assert made.count("<div") <= 4  # no frames of what is gone


def test_a_picture_before_the_quotation_stays_and_one_within_goes():
    html = '<p>Смотрите:</p><img src="cid:a"><blockquote>Было <img src="cid:b"></blockquote>'
    made = kept(html, "Смотрите:")
    assert "cid:a" in made and "cid:b" not in made


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<blockquote>Было</blockquote><p>Ответ</p>", "Ответ"),  # below the quotation
        ("<p>Раз</p><blockquote>Было</blockquote><p>Два</p>", "Раз Два"),  # between
        ("<p>Раз Было</p>", "Раз"),  # within one text
        ("<p>Раз</p>", "Раз Два"),
        ("<ol><li>Раз</li></ol><p>Было</p>", "1. Раз"),
        ("", "Раз"), ("<p>Раз</p>", ""), ("<p>Раз", "Два"),
    ],
)  # fmt: skip
def test_where_the_letter_does_not_begin_with_it_the_text_stands_alone(html, said):
    assert kept(html, said) == ""


def test_signs_that_are_no_letters_stay():
    assert "👍" in kept("<p>Да</p><p>👍 !</p><blockquote>Было</blockquote>", "Да\n👍 !")


WORDS = st.lists(
    st.sampled_from(["раз", "два", "12", "<b>три</b>", "<br>", "<p>пять</p>", "<i>", "</div>", "?!"]), max_size=8
)


@given(WORDS, WORDS, st.integers(0, 40))
def test_it_holds_just_what_was_said_or_nothing(said, rest, length):
    def signs(html):
        return "".join(sign for sign in "".join(_texts(html)) if sign.isalnum())

    whole = clean("".join([*said, "<hr>", *rest])).html
    wanted = signs(whole)[:length]
    made = beginning(whole, wanted)
    assert made == "" or signs(made) == wanted


def _texts(html):
    return lxml.html.fragment_fromstring(html, create_parent="div").itertext() if html else []
