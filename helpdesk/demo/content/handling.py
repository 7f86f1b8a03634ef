"""How the desk of the demo world handles requests: what a client reads whose request is moved on, ready checklists."""

from typing import Final

# queue → Russian, English; {queue}: where the request goes
MOVED: Final = {
    "error": (
        (
            "Здравствуйте! В «Ошибке» мы разбираем сбои программы, а ваш вопрос относится к теме «{queue}». Передали заявку "
            "туда: номер остаётся прежним, ничего делать не нужно."
        ),
        (
            "Hello! Under “Error” we deal with faults of the program; your question belongs to “{queue}”. We have moved the "
            "request there: its number stays, you need do nothing."
        ),
    ),
    "inbox": (
        "Здравствуйте! Ваше письмо передано в тему «{queue}»: там ответит специалист. Ничего делать не нужно.",
        "Hello! Your letter has been passed to “{queue}”, where a specialist will answer. You need do nothing.",
    ),
}
# name, queue (empty: all), items
CHECKLISTS: Final = (
    ("Новый пользователь БО", "access", ("Проверить письмо о доступе", "Завести логин", "Выдать права", "Сообщить клиенту")),
    ("Перенос платежа", "exchange", ("Сверить реестр банка", "Перенести платёж", "Проверить сальдо обоих счетов")),
    ("Перед закрытием", "", ("Клиент подтвердил решение", "Категория указана")),
)  # fmt: skip
