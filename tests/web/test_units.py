import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from helpdesk.web.units import units_whole


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Раздел счёта, бул. Юности, д. 30, кв. 63", ["д. 30", "кв. 63"]),
        ("Долг 1 250 299,50 руб. по ЛС 0450018812", ["1 250 299,50 руб.", "ЛС 0450018812"]),
        ("Пени 12,5 % и 40 ₽ за 3 месяца", ["12,5 %", "40 ₽"]),
        ("акт № 41 от 6 ноября, заявка № 100 001", ["№ 41", "№ 100 001"]),
        ("вид. 5, 2026 и 12", []),
        ("", []),
    ],
)
def test_a_figure_stays_with_what_it_counts(text, whole):
    assert re.findall('<span class="nowrap">([^<]*)</span>', units_whole(text)) == whole


@given(st.text(st.sampled_from("кв. д№ 0123 руб<>&,")))
def test_no_sign_is_changed(text):
    assert re.sub("</?span[^>]*>", "", units_whole(text)) == escape(text)
