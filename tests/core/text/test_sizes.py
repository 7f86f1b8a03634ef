import pytest

from helpdesk.core.text.sizes import size


@pytest.mark.parametrize(
    ("octets", "ru", "en"),
    [(0, "0 Б", "0 B"), (1023, "1023 Б", "1023 B"), (421_888, "412 КБ", "412 KB"), (1024 * 1024 - 1, "1 МБ", "1 MB"),
     (2_700_000, "2,6 МБ", "2.6 MB"), (26_214_400, "25 МБ", "25 MB"), (5 * 1024**3, "5 ГБ", "5 GB")],
)  # fmt: skip
def test_sizes(octets, ru, en):
    assert [size(octets, language=one).replace("\N{NO-BREAK SPACE}", " ") for one in ("ru", "en", "de")] == [ru, en, en]
