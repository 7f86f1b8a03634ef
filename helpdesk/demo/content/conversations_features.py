"""Conversations about what the program does not have yet («Нововведение»)."""

from typing import Final

from helpdesk.demo.content.types import Conversation, agent, client, colleague, note

FEATURES: Final = (
    Conversation(
        key="waste-line",
        queue="feature",
        category="receipts",
        subject="Новая строка «Обращение с ТКО» в квитанции, {house}",
        fields={
            "address": "{house}",
            "purpose": "Региональный оператор требует показывать услугу отдельной строкой.",
            "wanted_by": "{in_month_iso}",
        },
        priority=2,
        messages=(
            client(
                "Сейчас ТКО входит в содержание жилья. Нужна отдельная строка с объёмом и тарифом. Макет во вложении.",
                "receipt_pdf",
            ),
            agent(
                "{client}, здравствуйте! Макет понятен. Объём работы — два дня. Образец пришлём на согласование.",
                after=9,
                state="review",
            ),
            agent(
                "Образец готов, во вложении. Посмотрите, пожалуйста, место строки и название.",
                "receipt_pdf",
                after=46,
                state="clarify",
            ),
            client(
                "Согласовано. Единственное замечание: тариф нужен с двумя знаками после запятой.",
                after=5,
            ),
            agent("Поправили, ждём пробный тираж вместе с вами.", "receipt_pdf", after=20, state="rework"),
        ),
        final_state="rework",
    ),
    Conversation(
        key="debt-report",
        queue="feature",
        category="reports",
        subject="Отчёт по долгам старше 3 месяцев в разрезе подъездов",
        fields={
            "purpose": "Собрание собственников: показать долг по подъездам без фамилий.",
            "wanted_by": "{in_month_iso}",
        },
        priority=2,
        messages=(
            client(
                "Нужен отчёт: подъезд, число должников, сумма долга старше трёх месяцев, без ФИО и номеров квартир. Форма во вложении.",
                "report_xlsx",
            ),
            note("Близко к отчёту «Долги по срокам», не хватает группировки по подъездам. Оценка — день.", after=6),
            agent(
                "{client}, здравствуйте! Сделаем на основе отчёта «Долги по срокам»: добавим группировку по подъездам и выключатель персональных данных. Срок — пять рабочих дней.",
                after=2,
                state="review",
            ),
            agent(
                "Отчёт на месте: Отчёты → Долги по срокам → «По подъездам». Файл по вашему дому приложен для примера. Заявка выполнена и ожидает автозакрытия.",
                "report_xlsx",
                after=96,
                state="autoclose",
            ),
            client("Удобно. Можно добавить строку «Итого по дому»?", after=4, state="rework"),
            agent("Добавили. Заявка выполнена и ожидает автозакрытия.", after=6, state="autoclose"),
        ),
        final_state="closed",
    ),
    Conversation(
        key="accounting-format",
        queue="feature",
        category="accounting",
        subject="Выгрузка начислений в 1С: поля «услуга» и «поставщик» раздельно",
        fields={
            "purpose": "Проводки по поставщикам делаются вручную, два дня работы в месяц.",
            "wanted_by": "{in_month_iso}",
        },
        priority=2,
        messages=(
            client(
                "В файле выгрузки услуга и поставщик в одном поле через дробь. Нужны два поля. Описание приложено.",
                "format_docx",
            ),
            agent(
                "{client}, здравствуйте! Добавим второй вариант формата, прежний останется: им пользуются другие организации. Уточните, пожалуйста, нужен ли ИНН поставщика.",
                after=10,
                state="clarify",
            ),
            client("ИНН нужен. Ещё лучше и КПП.", after=3),
            agent("Приняли. Проверочный файл будет через неделю.", after=2, state="rework"),
        ),
        final_state="rework",
    ),
    Conversation(
        key="search-by-phone",
        queue="feature",
        category="system",
        subject="Поиск лицевого счёта по номеру телефона",
        fields={"purpose": "Контактный центр: определять абонента по входящему звонку."},
        messages=(
            client(
                "Операторам контактного центра нужен поиск счёта по номеру телефона, в том числе по последним четырём цифрам."
            ),
            agent(
                "{client}, здравствуйте! Такой поиск есть в версии, которая выйдет в следующем месяце: поле «Телефон» на вкладке «Лицевые счета». По последним четырём цифрам тоже. Включить его вам заранее, в пробном режиме?",
                after=22,
                state="clarify",
            ),
            client("Да, включайте.", after=2),
            agent(
                "Включили для роли «Оператор контактного центра». Заявка выполнена и ожидает автозакрытия.",
                after=3,
                state="autoclose",
            ),
        ),
        final_state="closed",
    ),
    Conversation(
        key="qr-code",
        queue="feature",
        category="receipts",
        subject="QR-код с назначением платежа на квитанции за капремонт",
        fields={"purpose": "Абоненты оплачивают капремонт не на тот счёт.", "wanted_by": "{in_month_iso}"},
        messages=(
            client(
                "На основной квитанции QR-код есть, на квитанции за капремонт нет. Нужен с реквизитами специального счёта.",
                "receipt_pdf",
            ),
            agent(
                "{client}, здравствуйте! Сделать можно. Нужны реквизиты специального счёта по каждому дому: у вас в справочнике они заполнены для 12 домов из 19.",
                after=7,
                state="clarify",
            ),
            colleague("Заполнили остальные семь.", after=44),
            agent(
                "QR-код добавлен, пробная квитанция во вложении. Проверьте приложением вашего банка.",
                "receipt_pdf",
                after=25,
                state="review",
            ),
            client("Проверили тремя банками, реквизиты подставляются верно.", after=20, state="done"),
            agent("Спасибо за проверку. Закрываем.", after=2, state="closed"),
        ),
        final_state="closed",
    ),
    Conversation(
        key="debt-letters",
        queue="feature",
        category="reports",
        subject="Шаблон досудебной претензии с расчётом пеней",
        fields={"purpose": "Взыскание долгов: готовить претензии пачкой, а не по одной."},
        messages=(
            client(
                "Нужен шаблон претензии: долг по месяцам, пени по дням, подпись юриста. Образец приложен. В месяц уходит около 200 писем.",
                "format_docx",
            ),
            agent(
                "{client}, здравствуйте! Оценили: четыре дня разработки. Работа выходит за рамки договора сопровождения, счёт и описание направили директору. Начнём после согласования.",
                "technical_docx",
                after=30,
                state="review",
            ),
            client("Директор в этом квартале не согласовал. Вернёмся к вопросу в следующем году.", after=90),
            agent(
                "Понятно. Закрываем без решения, оценка сохранится: при новой заявке сошлитесь на эту.",
                after=4,
                state="closed_unsolved",
            ),
        ),
        final_state="closed_unsolved",
    ),
    Conversation(
        key="sms-readings",
        queue="feature",
        category="readings",
        subject="Напоминать абонентам о передаче показаний",
        fields={"purpose": "Из-за непереданных показаний растёт ОДН.", "wanted_by": "{in_month_iso}"},
        priority=2,
        messages=(
            client(
                "Хотим, чтобы 20-го числа абонентам без показаний уходило напоминание на почту из Кабинета Абонента. Текст должен задаваться нами."
            ),
        ),
        final_state="new",
    ),
)
