"""How the desk of the demo world handles requests: what a client reads whose request is moved on, ready checklists
and texts."""

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
# name, shortcut, queue (empty: all), Russian, English
# in Russian and in English; {job} of whoever has none takes its line along
SIGNATURE: Final = (
    "С уважением,\n{agent}\n{job}\nСлужба поддержки биллинга",
    "Kind regards,\n{agent}\n{job}\nBilling support",
)
TEXTS: Final = (
    (
        "Взяли в работу",
        "взяли",
        "",
        "{greeting}\n\nВзяли заявку {number} в работу. Как только будет результат, напишем здесь же.\n\n{agent}",
        "{greeting}\n\nWe are working on request {number} and will write here as soon as there is a result.\n\n{agent}",
    ),
    (
        "Нужны период и лицевой счёт",
        "период",
        "",
        "{greeting}\n\nЧтобы проверить расчёт, пришлите, пожалуйста, номер лицевого счёта и период (месяц и год).",
        "{greeting}\n\nTo check the calculation, please send the account number and the period (month and year).",
    ),
    (
        "Попросить снимок экрана",
        "снимок",
        "error",
        "{greeting}\n\nПришлите, пожалуйста, снимок всего экрана с сообщением и напишите, что нажимали перед ним.",
        "{greeting}\n\nPlease send a picture of the whole screen with the message, and what you pressed before it.",
    ),
    (
        "Реестр принят",
        "реестр",
        "exchange",
        "{greeting}\n\nРеестр загружен, расхождений с вашими суммами нет. Проверьте, пожалуйста, сальдо по двум-трём счетам.",
        "{greeting}\n\nThe register is loaded and agrees with your sums. Please check the balance of two or three accounts.",
    ),
    (
        "Исправлено, просим проверить",
        "проверьте",
        "",
        "{greeting}\n\nИсправили. Проверьте, пожалуйста, у себя; если вопрос решён, отвечать не нужно.",
        "{greeting}\n\nIt is mended. Please check on your side; if the question is settled, no answer is needed.",
    ),
    ("С уважением", "сув", "", "С уважением,\n{agent}", "Kind regards,\n{agent}"),
)
