"""What is asked before an answer leaves: each rule says what it means, and is silent about the rest."""

import pytest

from helpdesk.tickets import send_gate


@pytest.mark.parametrize(
    ("text", "files", "said"),
    [
        ("Прикрепляю акт", 0, "Прикрепляю"),
        ("Акт смотрите во вложении.", 0, "во вложении"),
        ("Please find the act attached", 0, "attached"),
        ("Прикрепляю акт", 1, ""),
        ("Вы прикрепили акт за май", 0, ""),
        ("Файл не прикреплён", 0, ""),
        ("Акт в вашем вложении не читается", 0, ""),
        ("> Прикрепляю акт\nСпасибо, получили", 0, ""),
        ("Начисления в порядке", 0, ""),
    ],
)
def test_a_file_that_is_spoken_of_and_missing(text, files, said):
    found = send_gate.no_file(text, files)
    assert (found.details["said"] if found else "") == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Здравствуйте, !", "Здравствуйте, !"),
        ("Уважаемая , .\nВсё готово", "Уважаемая , ."),
        ("Добрый день, {{client.name}}!", "{{client.name}}"),
        ("Номер <OTRS_TICKET_NUMBER>", "<OTRS_TICKET_NUMBER>"),
        ("Здравствуйте, Анна!", ""),
        ("Здравствуйте!", ""),
        ("> Здравствуйте, !\nДа", ""),
    ],
)
def test_what_nobody_filled(text, said):
    found = send_gate.unfilled(text)
    assert (found.details["said"] if found else "") == said


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Для УК «Заря» исправили", "УК Заря"),
        ("В Заре всё в порядке", ""),  # a form of the word may be any word
        ("В ТСЖ «Березка» исправили", ""),  # the client's own
        ("Вчера исправили", ""),
        ("> УК Заря\nИсправили", ""),
    ],
)
def test_somebody_elses_company(text, name):
    found = send_gate.other_company(text, "ТСЖ Берёзка", ["УК Заря", "ООО Юг"])
    assert (found.details["name"] if found else "") == name


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("Лицевой счёт № 104 813 пересчитан", "104813"),
        ("ЛС 104812 пересчитан", ""),  # named before, in groups
        ("л/с 555666", "555666"),
        ("Ошибка 500 ушла, заявка 100200", ""),
        ("> ЛС 999999\nПересчитали", ""),
    ],
)
def test_somebody_elses_account(text, account):
    found = send_gate.other_account(text, ["Счёт 104 812 не сходится", '{"account": 7}'])
    assert (found.details["account"] if found else "") == account


def test_files_that_are_too_much_for_a_letter():
    assert send_gate.heavy([6_000_000, 4_000_000]) is None
    assert send_gate.heavy([6_000_000, 6_000_000]).details["octets"] == 12_000_000
