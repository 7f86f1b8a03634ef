"""Conversations about benefits, subsidies and the exchange with social security."""

from typing import Final

from helpdesk.demo.content.types import Conversation, agent, client, colleague, note

_HOLDER: Final = {"benefit_holder": "{fio}", "benefit_id": "{benefit_id}", "topic": "benefits"}

BENEFITS: Final = (
    Conversation(
        key="benefit-not-exported",
        queue="exchange",
        category="benefit-exchange",
        subject="Льготник {fio}, идентификатор {benefit_id}: нет в выгрузке в соцзащиту",
        fields={**_HOLDER, "topic": "benefit_exchange", "account": "{account}", "period": "{period_iso}"},
        messages=(
            client(
                "В файле-ответе за {period} нет льготника: {fio}, идентификатор {benefit_id}, ЛС {account}. В прошлом месяце запись была. Соцзащита вернула код 14. Файл-запрос и файл-ответ прикладываем.",
                "benefit_request_txt",
                "benefit_answer_txt",
            ),
            note(
                "Код 14 — не найден СНИЛС. В карточке СНИЛС с пробелом в начале, после последнего обновления формат проверяется строго.",
                after=3,
            ),
            agent(
                "{client}, здравствуйте! Запись отброшена при проверке формата: в карточке льготника СНИЛС введён с лишним пробелом. Исправление готовим сразу для всех таких карточек, по вашей базе их 7. Выгрузку сформируем заново и пришлём.",
                after=2,
                state="review",
            ),
        ),
        final_state="review",
    ),
    Conversation(
        key="benefit-social-norm",
        queue="consultation",
        category="benefit-charge",
        subject="Как посчитана льгота ветерана труда: {fio}, {benefit_id}",
        fields={**_HOLDER, "account": "{account}", "address": "{address}", "period": "{period_iso}"},
        messages=(
            client(
                "Льготник {fio}, идентификатор {benefit_id}, {address}. Площадь квартиры 62 м², проживают двое, а скидка на содержание посчитана с 42 м². Абонент считает, что должно быть 50 % от всей суммы.",
            ),
            agent(
                "{client}, здравствуйте! Льгота даётся в пределах социальной нормы: для семьи из двух человек это 42 м². Оставшиеся 20 м² оплачиваются полностью. На отопление норма не действует, там скидка посчитана со всей площади — это верно для вашего региона.\n\nРасшифровка по услугам во вложении, её можно показать абоненту.",
                "report_xlsx",
                after=8,
            ),
            client("Спасибо, подробно и понятно. Закрывайте.", after=15, state="closed"),
        ),
        final_state="closed",
    ),
    Conversation(
        key="benefit-two-categories",
        queue="consultation",
        category="benefit-charge",
        subject="Две льготы у одного человека: {fio}",
        fields={**_HOLDER, "account": "{account}"},
        priority=2,
        messages=(
            client(
                "Льготник {fio} ({benefit_id}) — инвалид второй группы и ветеран труда. В карточке обе категории, а применяется только одна. Можно ли считать обе?",
            ),
            agent(
                "{client}, здравствуйте! По одной услуге действует одна льгота — более выгодная. Но по разным услугам категории могут отличаться: по содержанию выгоднее «Ветеран труда», по коммунальным услугам — «Инвалид». Пришлите период, за который смотреть: проверим, как программа выбрала.",
                after=5,
                state="clarify",
            ),
            client("Период {period}.", after=3),
            agent(
                "Проверили {period}: по всем услугам выбрана более выгодная категория, ошибки нет. Протокол выбора есть в карточке: «Льготы» → «Как посчитано».",
                after=4,
                state="review",
            ),
            client("Спасибо, увидели протокол.", after=19, state="closed"),
        ),
        final_state="closed",
    ),
    Conversation(
        key="benefit-debt-check",
        queue="exchange",
        category="benefit-exchange",
        subject="Файл-запрос соцзащиты за {period}: не загружается, 212 строк с ошибкой",
        fields={"topic": "benefit_exchange", "period": "{period_iso}", "agent": "{agent}"},
        priority=4,
        messages=(
            client(
                "Соцзащита прислала файл-запрос за {period}. При загрузке 212 строк помечены «Неизвестный код льготы». Ответ нужно отдать до 5-го числа.",
                "benefit_request_txt",
                "screenshot_error",
            ),
            agent(
                "{client}, здравствуйте! В файле новый код 218 — «Многодетные семьи, новая редакция закона», в справочнике его нет. Добавляем код и правило расчёта, ориентир — завтра до обеда.",
                after=1.5,
                state="review",
            ),
            client("Напоминаем: срок — 5-е число, дальше штраф.", after=23),
            agent(
                "Код добавлен, файл загружен повторно: 3 418 строк, ошибок нет. Файл-ответ во вложении. Проверьте, пожалуйста, и отправьте в соцзащиту.",
                "benefit_answer_txt",
                after=2,
            ),
            client("Файл принят соцзащитой без замечаний. Спасибо!", after=5, state="closed"),
        ),
        final_state="closed",
    ),
    Conversation(
        key="benefit-expired",
        queue="changes",
        category="benefit-charge",
        subject="Продлить льготу после переосвидетельствования, {fio}",
        fields={**_HOLDER, "account": "{account}"},
        messages=(
            client(
                "Справка МСЭ продлена без перерыва, но в базе льгота закрыта с 1 {of_month}. Нужно продлить задним числом и пересчитать. Прав на прошлый период не хватает. {fio}, идентификатор {benefit_id}.",
                "act_pdf",
            ),
            agent(
                "{client}, здравствуйте! Льгота продлена с 1 {of_month} без перерыва, счёт пересчитан: −{sum} ₽. Проверьте сумму. Заявка выполнена и ожидает автозакрытия.",
                after=6,
                state="autoclose",
            ),
            client(
                "Сумма не та: посчитан один месяц, а нужно два. Справка действует с начала прошлого месяца.",
                after=3,
                state="rework",
            ),
            note(
                "В справке дата — первое число предыдущего месяца, а мы взяли дату закрытия. Пересчитать оба периода.",
                after=1,
            ),
            agent(
                "Вы правы, учтён только один месяц. Пересчитали оба, перерасчёт выйдет одной строкой. Заявка выполнена и ожидает автозакрытия.",
                after=2,
                state="autoclose",
            ),
        ),
        final_state="closed",
    ),
    Conversation(
        key="subsidy-payments",
        queue="exchange",
        category="benefit-exchange",
        subject="Реестр субсидий за {period}: 9 получателей не найдены",
        fields={"topic": "benefit_exchange", "period": "{period_iso}"},
        messages=(
            client(
                "Загрузили реестр субсидий, 9 строк не нашли лицевой счёт. В реестре старая нумерация до объединения с ЖЭУ. Как их разнести?",
                "register_bank",
            ),
            agent(
                "{client}, здравствуйте! Для старых номеров есть таблица соответствия, но в ней нет домов, присоединённых весной. Пришлите, пожалуйста, соответствие старых и новых номеров хотя бы по этим девяти счетам.",
                after=5,
                state="clarify",
            ),
            colleague("Таблица во вложении, сразу по всем 340 счетам.", "accounts_xlsx", after=29),
            agent(
                "Спасибо, таблица загружена. Все 9 строк разнесены, дальше реестры со старыми номерами пойдут без ручной работы. Заявка выполнена и ожидает автозакрытия.",
                after=4,
                state="autoclose",
            ),
        ),
        final_state="closed",
    ),
    Conversation(
        key="benefit-new-form",
        queue="feature",
        category="benefit-exchange",
        subject="Новый формат выгрузки в соцзащиту со следующего квартала",
        fields={"purpose": "Соцзащита принимает сведения только в новом формате XML.", "wanted_by": "{in_month_iso}"},
        messages=(
            client(
                "Получили письмо: со следующего квартала сведения о льготниках принимаются только в новом формате. Описание во вложении. Успеете сделать?",
                "format_docx",
            ),
            agent(
                "{client}, здравствуйте! Описание изучили. Отличия от нынешнего формата: три новых поля и подпись файла. Поля «Номер СНИЛС получателя» и «Способ выплаты» у вас в базе есть, «Идентификатор меры поддержки» нужно будет заполнить справочником. Оценка — три недели, успеваем.",
                after=30,
                state="review",
            ),
            client("Хорошо. Справочник мер поддержки запросили, пришлём.", after=24),
            agent(
                "Ждём справочник. Тестовую выгрузку покажем через две недели.", after=3, state="reminder", pending=336
            ),
        ),
        final_state="reminder",
    ),
)
