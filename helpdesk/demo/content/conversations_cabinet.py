"""Conversations about the subscriber's cabinet and payments made in it."""

from typing import Final

from helpdesk.demo.content.types import Conversation, agent, client, colleague, mail, note

CABINET: Final = (
    Conversation(
        key="cabinet-mail",
        queue="cabinet",
        category="cabinet",
        subject="Кабинет Абонента: письмо для входа не приходит",
        fields={"agent": "{agent}"},
        messages=(
            client(
                "Трое абонентов не получают письмо с подтверждением, у всех почта одного и того же сервиса. Папку «Спам» проверили.",
                "screenshot_page",
            ),
            note(
                "Почтовый сервис временно не принимал письма с нашего адреса: с утра в очереди отправки 340 писем с ответом 451.",
                after=1.5,
            ),
            agent(
                "{client}, здравствуйте! Почтовый сервис несколько часов не принимал наши письма, сейчас очередь уходит. Попросите абонентов подождать до вечера и не запрашивать письмо повторно: действует только последняя ссылка.",
                after=0.5,
            ),
            client("Двое вошли, третий — нет. ЛС {account}.", after=6),
            agent(
                "У третьего абонента в адресе опечатка: лишняя точка. Исправили, письмо отправлено заново. Заявка выполнена и ожидает автозакрытия.",
                after=1,
                state="autoclose",
            ),
        ),
        final_state="closed",
    ),
    Conversation(
        key="cabinet-logo",
        queue="cabinet",
        category="cabinet",
        subject="Логотип компании в Кабинете Абонента",
        fields={"agent": "{agent}"},
        priority=2,
        messages=(
            client("Просим поставить логотип в шапку Кабинета. Файл PNG с прозрачным фоном во вложении.", "logo_png"),
            agent(
                "{client}, здравствуйте! Логотип установлен в светлой теме. В тёмной теме тёмные буквы на тёмном фоне не читаются: нужен второй файл, со светлыми буквами. Пришлёте?",
                "screenshot_page",
                after=26,
                state="clarify",
            ),
            client("Второй вариант приложен.", "logo_png", after=28),
            agent("Готово в обеих темах. Заявка выполнена и ожидает автозакрытия.", after=5, state="autoclose"),
        ),
        final_state="autoclose",
    ),
    Conversation(
        key="cabinet-readings",
        queue="cabinet",
        category="readings",
        subject="Показания ИПУ из Кабинета не попали в расчёт",
        fields={"agent": "{agent}", "address": "{house}"},
        messages=(
            client(
                "Абоненты передали через Кабинет 86 показаний с 20 по 23 число, в базе только 31. Остальные видны в Кабинете как «Принято». Расчёт завтра.",
                "readings_xlsx",
            ),
        ),
        final_state="new",
        priority=4,
    ),
    Conversation(
        key="cabinet-registration",
        queue="cabinet",
        category="cabinet",
        subject="Абонент не может зарегистрироваться: «Лицевой счёт не найден», {account}",
        fields={"account": "{account}", "address": "{address}"},
        messages=(
            client(
                "Абонент вводит ЛС {account} и фамилию, Кабинет отвечает «Лицевой счёт не найден». В программе счёт открыт.",
                "screenshot_error",
            ),
            agent(
                "{client}, здравствуйте! Счёт открыли сегодня, в Кабинет новые счета попадают ночью. Завтра утром абонент сможет зарегистрироваться. Заявка выполнена и ожидает автозакрытия.",
                after=2,
                state="autoclose",
            ),
            client("Сегодня утром всё равно не находит.", after=18),
            note(
                "В карточке буква «е» вместо «ё» в фамилии, абонент вводит с «ё». Сравнение должно это прощать.",
                after=1,
            ),
            agent(
                "Дело в букве «ё»: в карточке фамилия записана через «е». Исправили карточку и научили Кабинет считать эти буквы одинаковыми. Пусть абонент попробует ещё раз.",
                after=3,
                state="review",
            ),
            client("Зарегистрировался. Спасибо!", after=4, state="closed"),
        ),
        final_state="closed",
    ),
    Conversation(
        key="cabinet-appeals-address",
        queue="cabinet",
        category="cabinet",
        subject="Сменить почту для обращений абонентов",
        fields={"agent": "{agent}"},
        priority=2,
        channel="mail",
        messages=(
            mail(
                "Добрый день!\n\nПросим направлять обращения из Кабинета на новый адрес: priem@uk.example. Прежний ящик закрываем в конце месяца.\n\nС уважением,\n{signature}, {agent}"
            ),
            agent(
                "{client}, здравствуйте! Адрес сменили, пробное обращение отправили. Подтвердите, пожалуйста, что оно пришло.",
                after=6,
                state="clarify",
            ),
            mail("Пришло. Спасибо.\n\n{signature}", after=3),
            agent("Заявка выполнена и ожидает автозакрытия.", after=1, state="autoclose"),
        ),
        final_state="closed",
    ),
    Conversation(
        key="cabinet-wrong-flat",
        queue="cabinet",
        category="cabinet",
        subject="Абонент видит в Кабинете чужую квартиру, {address}",
        fields={"account": "{account}", "address": "{address}"},
        priority=5,
        messages=(
            client(
                "Абонент вошёл в Кабинет и видит счёт прежнего собственника: {address}, ЛС {account}. Это персональные данные, просим отключить немедленно.",
                "screenshot_page",
            ),
            agent("{client}, здравствуйте! Доступ к счёту отключён. Разбираемся, как он остался открыт.", after=0.2),
            agent(
                "После смены собственника прежняя привязка снимается в день внесения новых данных, а их внесли с датой будущего месяца. Изменили порядок: привязка снимается в момент ввода. Проверили всю базу: других таких счетов нет.",
                after=5,
                state="review",
            ),
            colleague("Спасибо за быструю реакцию. Абонента уведомили.", after=3, state="done"),
            agent("Закрываем. Описание случая сохранено в журнале безопасности.", after=16, state="closed"),
        ),
        final_state="closed",
    ),
    Conversation(
        key="acquiring-double",
        queue="acquiring",
        category="acquiring",
        subject="Эквайринг: платёж {sum} ₽ списан дважды, ЛС {account}",
        fields={"account": "{account}", "address": "{address}"},
        priority=4,
        messages=(
            client(
                "Здравствуйте! Абонент ({address}, ЛС {account}) оплатил квитанцию через Кабинет вчера в 21:17. Банк списал {sum} ₽ два раза, в программе виден один платёж. Абонент прислал выписку, прикладываем. Когда вернут деньги?",
                "statement_png",
            ),
            note(
                "В журнале эквайринга две операции: первая проведена, вторая отменена банком через минуту. Это временная блокировка, вернётся сама за 3–5 дней. Проверить, что реестр следующего дня пришёл без неё.",
                after=0.9,
            ),
            agent("{client}, здравствуйте! Запросили у банка обе операции. Ответим сегодня.", after=0.2),
            client("Хорошо, ждём. Абонент волнуется, очень просим сегодня.", after=0.3),
            agent(
                "{client}, второе списание — временная блокировка: банк отменил её через минуту после операции. Деньги вернутся на карту абонента за 3–5 рабочих дней, делать ничего не нужно. Заявка выполнена и ожидает автозакрытия.",
                after=1,
                state="autoclose",
            ),
        ),
        final_state="closed",
    ),
    Conversation(
        key="acquiring-lost",
        queue="acquiring",
        category="acquiring",
        subject="Платёж через Кабинет не дошёл до лицевого счёта {account}",
        fields={"account": "{account}"},
        messages=(
            client(
                "Абонент оплатил {sum} ₽ картой {yesterday}, деньги списаны, чек есть. На ЛС {account} платежа нет до сих пор.",
                "photo_receipt_png",
            ),
            agent(
                "{client}, здравствуйте! Платёж найден в реестре банка со статусом «Ожидает подтверждения». Реестр за {yesterday} банк передаст сегодня после 16:00.",
                after=2,
                state="review",
            ),
            agent(
                "Реестр загружен, платёж {sum} ₽ на ЛС {account} датой операции. Пени за эти дни не начислены. Заявка выполнена и ожидает автозакрытия.",
                after=7,
                state="autoclose",
            ),
        ),
        final_state="closed",
    ),
    Conversation(
        key="acquiring-refund",
        queue="acquiring",
        category="acquiring",
        subject="Вернуть абоненту ошибочную оплату {sum} ₽",
        fields={"account": "{account}"},
        messages=(
            client(
                "Абонент дважды оплатил одну квитанцию: утром в Кабинете и вечером в кассе. Просит вернуть платёж из Кабинета на карту. Заявление приложено.",
                "act_pdf",
            ),
            agent(
                "{client}, здравствуйте! Возврат возможен: с даты платежа прошло меньше 30 дней. Банк просит подтвердить, что {sum} ₽ ещё не перечислены поставщикам. Подтвердите, пожалуйста, платёжным поручением или письмом.",
                after=5,
                state="clarify",
            ),
            client("Не перечислены, письмо во вложении.", "act_pdf", after=25),
            agent(
                "Возврат отправлен в банк, срок — до 10 рабочих дней. Чек возврата уйдёт абоненту на почту.",
                after=3,
                state="reminder",
                pending=240,
            ),
        ),
        final_state="reminder",
    ),
    Conversation(
        key="acquiring-reconcile",
        queue="acquiring",
        category="acquiring",
        subject="Сверка эквайринга за {period}: расхождение {total} ₽",
        fields={"agent": "{agent}"},
        messages=(
            client(
                "По акту банка за {period} поступило на {total} ₽ больше, чем в отчёте «Платежи через Кабинет». Акт и отчёт во вложении.",
                "act_pdf",
                "report_xlsx",
            ),
            agent(
                "{client}, здравствуйте! Разница — платежи 30-го числа после 23:00: банк относит их к текущему дню, отчёт — к следующему. Сдвиньте отчёт на час параметром «Начало дня», суммы сойдутся.",
                after=9,
            ),
            colleague("Сошлось до копейки, спасибо за подсказку.", after=4, state="closed"),
        ),
        final_state="closed",
    ),
    Conversation(
        key="acquiring-sbp",
        queue="acquiring",
        category="acquiring",
        subject="Подключить оплату по СБП в Кабинете Абонента",
        fields={"agent": "{agent}"},
        messages=(
            client("Абоненты просят оплату через Систему быстрых платежей, комиссия там ниже. Что нужно от нас?"),
            agent(
                "{client}, здравствуйте! Нужно дополнительное соглашение с вашим банком-эквайером и два параметра от него: код участника и идентификатор точки. Заготовка письма в банк во вложении.",
                "technical_docx",
                after=7,
                state="clarify",
            ),
            client("Письмо в банк отправили, ждём ответа.", after=26),
            agent(
                "Хорошо. Как только придут параметры, настройка займёт день.", after=2, state="reminder", pending=168
            ),
        ),
        final_state="reminder",
    ),
)
