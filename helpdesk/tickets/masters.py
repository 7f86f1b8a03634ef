"""The states and priorities that every installation begins with. Names are rows and may be changed later."""

DAY = 24 * 3600

# code, type, ru, en, ru for clients, en for clients, whose turn, closes after seconds, closes to
STATES: list[tuple[str, str, str, str, str, str, str, int | None, str | None]] = [
    ("new", "new", "Новая", "New", "Получена", "Received", "desk", None, None),
    ("open", "open", "Открыта", "Open", "В работе", "In progress", "desk", None, None),
    ("review", "open", "На рассмотрении", "Under review", "", "", "desk", None, None),
    ("clarify", "pending", "На уточнении", "Needs clarification", "", "", "client", None, None),
    ("rework", "open", "На доработке", "Being reworked", "", "", "desk", None, None),
    ("reminder", "pending", "Ожидает напоминания", "Waiting for a reminder", "В работе", "In progress", "nobody", None, None),
    ("done", "open", "Выполнена", "Done", "", "", "nobody", None, None),
    ("autoclose", "pending_auto", "Выполнена, ожидает автозакрытия", "Done, closes by itself", "", "", "nobody", DAY, "closed"),
    ("closed", "closed", "Закрыта", "Closed", "", "", "nobody", None, None),
    ("closed_unsolved", "closed", "Закрыта без решения", "Closed unsolved", "", "", "nobody", None, None),
    ("merged", "merged", "Объединена", "Merged", "", "", "nobody", None, None),
    ("removed", "removed", "Удалена", "Removed", "", "", "nobody", None, None),
]  # fmt: skip

PRIORITIES: list[tuple[int, str, str]] = [
    (1, "Очень низкий", "Very low"),
    (2, "Низкий", "Low"),
    (3, "Обычный", "Normal"),
    (4, "Высокий", "High"),
    (5, "Безотлагательный", "Urgent"),
]
