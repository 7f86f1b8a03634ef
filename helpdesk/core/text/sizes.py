"""How large a file is, in words: pages, letters and papers say the same of the same file."""

_UNITS = {"ru": ("Б", "КБ", "МБ", "ГБ", "ТБ"), "en": ("B", "KB", "MB", "GB", "TB")}


def size(octets: int, *, language: str) -> str:
    """«412 КБ», «2,6 МБ»: steps of 1024, one decimal below ten from megabytes on; English for any other language."""
    language = "ru" if language[:2] == "ru" else "en"
    value, step = float(max(octets, 0)), 0
    while value >= 1024 and step < 4:
        value, step = value / 1024, step + 1
    if step == 1 and round(value) >= 1024 and octets < 1024 * 1024:
        value, step = 1.0, 2
    places = 1 if step > 1 and value < 9.95 and round(value, 1) != round(value) else 0
    text = f"{value:.{places}f}"
    return f"{text.replace('.', ',') if language == 'ru' else text}\N{NO-BREAK SPACE}{_UNITS[language][step]}"
