"""Conversations about bank registers, readings, new housing stock, accounting and the state system."""

from typing import Final

from helpdesk.demo.content.types import Conversation, agent, client, colleague, mail, note

EXCHANGE: Final = (
    Conversation(
        key="register-without-accounts",
        queue="exchange",
        category="registers",
        subject="Реестр платежей Сбербанка за {yesterday}: 14 платежей без лицевого счёта",
        fields={"topic": "reconciliation", "agent": "{agent}"},
        messages=(
            client(
                "При загрузке реестра за {yesterday} 14 платежей остались без лицевого счёта, сумма {total} ₽. Файл приложен. Помогите разнести.",
                "register_empty",
            ),
            agent(
                "{client}, здравствуйте! Во вложении только строка заголовка: похоже, файл сохранили уже после загрузки. Пришлите, пожалуйста, исходный файл банка, каким он пришёл по почте или из личного кабинета.",
                after=6,
                state="clarify",
            ),
        ),
        final_state="clarify",
    ),
    Conversation(
        key="register-encoding",
        queue="exchange",
        category="registers",
        subject="Реестр Сбербанка за {yesterday} не загружается",
        fields={"topic": "reconciliation"},
        messages=(
            client(
                "Реестр за {yesterday}, 4,1 МБ, 12 904 строки. Программа пишет: «Неверная кодировка, строка 1». Вчерашний загрузился как обычно.",
                "register_bank",
                "register_bank_utf8",
            ),
            note("Банк перешёл на UTF-8 с меткой BOM в начале файла. Старые реестры — windows-1251.", after=1.5),
            agent(
                "{client}, здравствуйте! Банк сменил кодировку файла. Перекодировали ваш реестр и загрузили: 12 904 платежа, нераспознанных нет. В настройке обмена включили автоматическое определение кодировки, завтрашний файл загрузится сам.",
                after=2,
                state="review",
            ),
            client("Сегодняшний загрузился без ошибок, спасибо.", after=24, state="closed"),
        ),
        final_state="closed",
    ),
    Conversation(
        key="vtb-payments",
        queue="exchange",
        category="registers",
        subject="Разнести платежи ВТБ по лицевым счетам, {house}",
        fields={"topic": "reconciliation", "address": "{house}"},
        messages=(
            client(
                "14 платежей ВТБ по дому {house} пришли без лицевого счёта: банк передал только адрес и ФИО. Реестр приложен, просим разнести.",
                "register_bank",
            ),
            agent("{client}, здравствуйте! Реестр получен, сопоставляем по адресу. Ответим сегодня.", after=2),
            agent(
                "Разнесли 13 платежей из 14. По последнему в квартире два лицевых счёта, коммунальная квартира. Напишите, на какой из них отнести {sum} ₽ (плательщик: {fio}).",
                after=3,
                state="clarify",
            ),
            client("На счёт {account}.", after=2),
            agent(
                "Платёж разнесён на ЛС {account}. Заявка выполнена и ожидает автозакрытия.", after=1, state="autoclose"
            ),
        ),
        final_state="closed",
    ),
    Conversation(
        key="double-register",
        queue="exchange",
        category="registers",
        subject="Один реестр загружен дважды, нужно откатить",
        fields={"topic": "reconciliation"},
        priority=5,
        messages=(
            client(
                "Реестр почты за {yesterday} загрузили два раза: утром и после обеда. По 640 счетам задвоились платежи, общая сумма {total} ₽. Квитанции печатаем завтра, помогите откатить вторую загрузку.",
                "register_bank",
            ),
            note(
                "Вторая пачка создана через час после первой, платежи по ней ещё не закрыты. Откат пачки возможен целиком.",
                after=0.5,
            ),
            agent(
                "{client}, здравствуйте! Вторая пачка откатывается целиком, платежи первой не затронуты. Печать квитанций до нашего сообщения не запускайте.",
                after=0.3,
                state="review",
            ),
            agent(
                "Откат выполнен: удалено 640 платежей второй пачки, сальдо совпадает с утренним. Квитанции можно печатать. Чтобы такого не повторилось, включили проверку «Реестр с этим номером уже загружен». Заявка выполнена и ожидает автозакрытия.",
                "report_xlsx",
                after=1.5,
                state="autoclose",
            ),
            client("Проверили три десятка счетов, всё верно. Большое спасибо за скорость.", after=2, state="closed"),
        ),
        final_state="closed",
    ),
    Conversation(
        key="new-houses",
        queue="exchange",
        category="housing",
        subject="Внедрение жилфонда: 6 домов с 1 числа следующего месяца",
        fields={"agent": "{agent}", "topic": "other"},
        priority=4,
        messages=(
            client(
                "По итогам конкурса принимаем 6 домов, обслуживание начинается с 1 числа следующего месяца. Реестр помещений во вложении, акты приёма будут к концу недели. Что ещё нужно от нас?",
                "houses_xlsx",
            ),
            agent(
                "{client}, здравствуйте! Реестр получен: 6 домов, 412 помещений. Нужны ещё:\n1. Показания приборов на дату приёма.\n2. Тарифы и нормативы по каждому дому.\n3. Список льготников от прежней управляющей организации.\n\nДо получения загрузим адреса, площади и собственников.",
                after=8,
                state="clarify",
            ),
            colleague(
                "Показания и тарифы во вложении. Список льготников прежняя организация обещает на следующей неделе.",
                "readings_xlsx",
                "balance_xlsx",
                after=46,
            ),
            agent(
                "Загружены адреса, помещения, собственники, приборы и показания. В доме по адресу {house} у шести квартир площадь в реестре отличается от данных ЕГРН, список во вложении. Подтвердите, какие значения верные.",
                "accounts_xlsx",
                after=20,
                state="clarify",
            ),
            client("Верные — по ЕГРН.", after=5),
            agent(
                "Площади исправлены. Ждём список льготников, о нём напомним.", after=2, state="reminder", pending=120
            ),
        ),
        final_state="reminder",
    ),
    Conversation(
        key="gis-charges",
        queue="exchange",
        category="gis",
        subject="ГИС ЖКХ: не выгрузились платёжные документы за {period}",
        fields={"topic": "other", "period": "{period_iso}"},
        messages=(
            client(
                "В ГИС ЖКХ нет платёжных документов за {period} по дому {house}. В протоколе выгрузки: «Не найден идентификатор жилого помещения», 48 строк.",
                "exchange_log_txt",
            ),
            agent(
                "{client}, здравствуйте! У 48 помещений нет единого номера: дом в ГИС ЖКХ заново размещён, и номера сменились. Запросили их повторно, ответ системы приходит в течение суток.",
                after=4,
                state="review",
            ),
            agent(
                "Номера получены, документы за {period} выгружены: 48 из 48. Протокол во вложении. Заявка выполнена и ожидает автозакрытия.",
                "exchange_log_txt",
                after=26,
                state="autoclose",
            ),
        ),
        final_state="closed",
    ),
    Conversation(
        key="gis-token",
        queue="exchange",
        category="gis",
        subject="ГИС ЖКХ отвечает «Доступ запрещён» после смены директора",
        fields={"topic": "other", "agent": "{agent}"},
        messages=(
            client(
                "Сменился директор, перевыпустили электронную подпись. Теперь обмен с ГИС ЖКХ останавливается на первом шаге с текстом «Доступ запрещён (FMS000006)».",
                "screenshot_error",
            ),
            agent(
                "{client}, здравствуйте! Новому владельцу подписи нужно заново делегировать нам права в личном кабинете ГИС ЖКХ: Администрирование → Предоставление прав → наша организация → «Обмен данными». Инструкция во вложении. После этого напишите, мы проверим соединение.",
                "instruction_pdf",
                after=3,
                state="clarify",
            ),
        ),
        final_state="clarify",
    ),
    Conversation(
        key="readings-supplier",
        queue="exchange",
        category="readings",
        subject="Загрузить показания ИПУ от водоканала за {period}",
        fields={"topic": "meters", "period": "{period_iso}"},
        channel="mail",
        messages=(
            mail(
                "Добрый день!\n\nВо вложении показания индивидуальных приборов учёта за {period}, 860 строк. Просим загрузить до расчёта.\n\nС уважением,\n{signature}\n{agent}",
                "readings_csv",
            ),
            agent(
                "{client}, здравствуйте! Загружено 853 показания из 860. По семи строкам номер прибора не найден: приборы сняты с учёта. Список во вложении.",
                "readings_xlsx",
                after=5,
                state="review",
            ),
            mail("Эти семь приборов заменены, новые акты внесём сами. Спасибо!\n\n{signature}", after=4),
            agent("Хорошо. Заявка выполнена и ожидает автозакрытия.", after=1, state="autoclose"),
        ),
        final_state="closed",
    ),
    Conversation(
        key="accounting-export",
        queue="exchange",
        category="accounting",
        subject="Выгрузка начислений в 1С: не сходится с оборотной ведомостью",
        fields={"topic": "other", "period": "{period_iso}"},
        priority=2,
        messages=(
            client(
                "За {period} в 1С пришло на {total} ₽ меньше, чем в оборотной ведомости. Ведомость и файл выгрузки во вложении.",
                "balance_xlsx",
                "register_bank_utf8",
            ),
            note(
                "Разница равна сумме перерасчётов по закрытым счетам: в выгрузку попадают только открытые. Это настройка, а не ошибка.",
                after=10,
            ),
            agent(
                "{client}, здравствуйте! Разница — перерасчёты по закрытым лицевым счетам: в вашей настройке выгрузки стоит «Только открытые счета». Включить выгрузку всех счетов? За {period} сформируем файл заново.",
                after=2,
                state="clarify",
            ),
            client("Да, включите для всех периодов начиная с {of_month}.", after=21),
            agent(
                "Настройка изменена, файл за {period} сформирован заново, итог совпадает с ведомостью до копейки.",
                "register_bank_utf8",
                after=4,
                state="review",
            ),
            colleague("Загрузили в 1С, сходится. Спасибо.", after=20, state="done"),
        ),
        final_state="done",
    ),
    Conversation(
        key="bank-new-format",
        queue="exchange",
        category="registers",
        subject="Новый банк-партнёр: настроить приём реестров",
        fields={"agent": "{agent}", "topic": "other"},
        messages=(
            client(
                "Заключили договор с новым банком. Описание формата и пробный реестр приложены. Файлы будут приходить каждый рабочий день в 9 утра на нашу почту. Нужен автоматический приём.",
                "format_docx",
                "register_bank_utf8",
            ),
        ),
        final_state="new",
    ),
    Conversation(
        key="register-fee",
        queue="exchange",
        category="registers",
        subject="В реестре банка сумма без комиссии, в программе с комиссией",
        fields={"topic": "reconciliation", "period": "{period_iso}"},
        messages=(
            client(
                "С начала {this_of_month} в программе платежи одного банка больше, чем в реестре, ровно на 0,8 %. Реестр за {yesterday} приложен.",
                "register_bank",
            ),
            agent(
                "{client}, здравствуйте! Похоже, банк поменял местами столбцы «Сумма» и «Сумма с комиссией». Сравниваем с описанием формата, ответим сегодня.",
                after=3,
            ),
        ),
        final_state="open",
    ),
    Conversation(
        key="overhaul-fund",
        queue="exchange",
        category="registers",
        subject="Сверка взносов на капремонт с региональным фондом за {period}",
        fields={"topic": "reconciliation", "period": "{period_iso}"},
        messages=(
            client(
                "Фонд вернул реестр с расхождением {sum} ₽ по 23 счетам. Файл-ответ во вложении. Кто прав?",
                "accounts_xlsx",
            ),
            agent(
                "{client}, здравствуйте! Файл получен, сверяем по операциям. Результат пришлём завтра.",
                after=6,
                state="review",
            ),
            agent(
                "Расхождение по 19 счетам — платежи последнего дня месяца: у фонда они учтены следующим числом. По 4 счетам ошибка у нас: взнос начислен с прежней площади после перепланировки. Исправили и пересчитали. Протокол сверки во вложении.",
                "report_xlsx",
                after=22,
                state="review",
            ),
            client("Фонд согласовал протокол. Закрывайте, спасибо.", after=50, state="closed"),
        ),
        final_state="closed",
    ),
)
