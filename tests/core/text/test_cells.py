import pytest

from helpdesk.core.text.cells import sums_whole


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<td>1 250,00</td>", "<td>1_250,00</td>"),
        ('<td colspan="2"><p>12 500 300 руб.</p></td><th>- 1 250 ₽</th>',
         '<td colspan="2"><p>12_500_300_руб.</p></td><th>- 1_250_₽</th>'),
        ("<td>5 125 дом 10 кв. 5</td>", "<td>5_125 дом 10 кв. 5</td>"),
        ("<p>1 250</p><td>март 2026 года</td>", "<p>1 250</p><td>март 2026 года</td>"),
        ("<td>1 250", "<td>1 250"),
        ("1 250", "1 250"),
    ],
)  # fmt: skip
def test_a_sum_in_a_cell_stays_on_one_line(html, shown):
    assert sums_whole(html) == shown.replace("_", "\u00a0")
