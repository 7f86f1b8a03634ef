"""Queues («Получатель»), their intake fields and the category tree of the demo world (R11, R12)."""

from dataclasses import replace
from typing import Final

from helpdesk.demo.content.types import Category, Field, Kind, Queue

TOPICS: Final = (
    ("charges", "Начисление", "Charges"),
    ("recalculation", "Перерасчёт", "Recalculation"),
    ("benefits", "Льгота", "Benefit"),
    ("reconciliation", "Сверка платежей", "Payment reconciliation"),
    ("benefit_exchange", "Выгрузка льготы", "Benefit exchange"),
    ("payments", "Платежи и сальдо", "Payments and balance"),
    ("meters", "Показания и приборы учёта", "Readings and meters"),
    ("receipts", "Квитанции", "Receipts"),
    ("reports", "Отчёты", "Reports"),
    ("registration", "Паспортный стол", "Residents' registration"),
    ("other", "Другое", "Other"),
)
_BENEFITS: Final = ("topic", ("benefits", "benefit_exchange"))

ACCOUNT: Final = Field(
    "account",
    "text",
    "Лицевой счёт",
    "Account number",
    "Номер лицевого счёта, если вопрос о нём: например, 0450018812. Несколько: через запятую.",
    "The number of the account, if the question is about one: 0450018812, for example. Several: with commas.",
    # Billing systems number accounts each in its own way, with letters, dashes and spaces: some digit there must be.
    pattern=r".*\d.*",
    pattern_hint_ru="номер цифрами; если вопрос не о лицевом счёте, оставьте поле пустым",
    pattern_hint_en="a number in digits; if the question is about no account, leave the field empty",
)
AGENT: Final = Field(
    "agent",
    "text",
    "Агент",
    "Agent",
    "Как в «шапке» страницы программы.",
    "As in the heading of the billing page.",
)
ADDRESS: Final = Field(
    "address",
    "text",
    "Адрес",
    "Address",
    "Улица, дом, квартира.",
    "Street, house, flat.",
)
TOPIC: Final = Field(
    "topic",
    "choice",
    "О чём вопрос",
    "Topic",
    "Поможет сразу передать заявку нужному специалисту.",
    "Helps to pass the request to the right specialist at once.",
    choices=TOPICS,
    required=True,  # what else is needed hangs on it: left empty, nothing would be
)
PERIOD: Final = Field(
    "period",
    "period",
    "Период",
    "Period",
    "Месяц, о котором вопрос, или первый и последний.",
    "The month in question, or the first and the last one.",
    required_when=("topic", ("charges", "recalculation")),
    bounds=(("longest", 36),),  # three years: what may be claimed and recalculated
)
BENEFIT_HOLDER: Final = Field(
    "benefit_holder",
    "text",
    "ФИО льготника",
    "Benefit holder's name",
    "Полностью, как в карточке льготника.",
    "In full, as in the benefit holder's card.",
    shown_when=_BENEFITS,
    required_when=("topic", ("benefits",)),
)
BENEFIT_ID: Final = Field(
    "benefit_id",
    "text",
    "Идентификатор льготника",
    "Benefit holder's identifier",
    "Стоит в карточке льготника, например 00-1238.",
    "Stands in the benefit holder's card, for example 00-1238.",
    shown_when=_BENEFITS,
    required_when=("topic", ("benefits",)),
)
REGISTER: Final = Field(
    "register",
    "file",
    "Файл для сверки или выгрузки",
    "File of the exchange",
    "Поступления, показания, файл-запрос или файл-ответ.",
    "Payments, readings, request or answer file.",
    required=True,
    shown_when=("topic", ("reconciliation", "benefit_exchange")),
)
ERROR_CODE: Final = Field(
    "error_code",
    "text",
    "Код или текст ошибки",
    "Error code or text",
    "Например: Error500, «Технические работы», пустая страница.",
    "For example: Error500, “Maintenance”, an empty page.",
    instead="consultation",
    instead_ru="Программа не показала ошибку, а не сходятся суммы? Ошибки в начислениях чаще связаны с данными: быстрее поможет «Консультация». Всё, что вы ввели, перейдёт туда.",
    instead_en="No error shown, but the amounts look wrong? Wrong charges mostly come from data: “Advice” will help sooner. All that you have typed goes along.",
)
PAGE: Final = Field(
    "page",
    "text",
    "Страница программы",
    "Page of the program",
    "Раздел и вкладка, где это произошло.",
    "The section and tab where it happened.",
)
STEPS: Final = Field(
    "steps",
    "long",
    "Что вы делали перед этим",
    "What you did before",
    "По шагам: что нажали, что ожидали, что получили.",
    "Step by step: what you pressed, expected and got.",
)
PURPOSE: Final = Field(
    "purpose",
    "long",
    "Для чего это нужно",
    "What it is for",
    "Какую задачу решит новая возможность и кто будет ею пользоваться.",
    "Which task it solves and who will use it.",
)
WANTED_BY: Final = Field(
    "wanted_by",
    "date",
    "Желаемый срок",
    "Wanted by",
    "Отчёты, квитанции и обмены просите заранее.",
    "Ask for reports, receipts and exchanges in good time.",
    bounds=(("from", 0),),
)

_PLACE: Final = (ACCOUNT, AGENT, ADDRESS)
_MATTER: Final = (TOPIC, PERIOD, BENEFIT_HOLDER, BENEFIT_ID, REGISTER)
# An error is told by its code, page and steps, and may be about nothing of these; sums are sent on to advice.
_PERHAPS: Final = (replace(TOPIC, required=False), *_MATTER[1:])
_HEADING_RU: Final = "УК Заря · Лицевые счета · 4500123871\nСадовая ул., д. 14, кв. 37 · октябрь 2026"
_HEADING_EN: Final = "UK Zarya · Accounts · 4500123871\nSadovaya ul., 14, flat 37 · October 2026"


_CASH_RU: Final = "УК Заря · PyKasso · касса № 2\nприём платежей · 4500123871 · октябрь 2026"
_CASH_EN: Final = "UK Zarya · PyKasso · cash desk No. 2\npayments · 4500123871 · October 2026"


def _blank(key: str) -> Field:
    return Field(
        "blank",
        "file",
        "Заполненный бланк",
        "Completed form",
        "Скачайте бланк, заполните и приложите: файлом, сканом или снимком.",
        "Download the form, fill it in and attach it: as a file, a scan or a photo.",
        required=True,
        blank=key,
    )


_AUTO_RU: Final = "Здравствуйте! Заявка № {number} принята. Как только специалист ответит, вы получите письмо."
_AUTO_EN: Final = (
    "Hello. Your request No. {number} has been received. You will get a letter as soon as a specialist answers."
)


def _auto_ru(addition: str) -> str:
    return f"{_AUTO_RU}\n\n{addition}"


def _auto_en(addition: str) -> str:
    return f"{_AUTO_EN}\n\n{addition}"


QUEUES: Final = (
    Queue(
        "consultation",
        "Консультация",
        "Advice",
        "Объяснить начисление или перерасчёт, подсказать, как выполнить действие в программе.",
        "To explain a charge or a recalculation, to advise how something is done in the program.",
        (
            "Скопируйте и вставьте в текст «шапку» страницы из программы: агент, раздел, лицевой счёт, период.",
            "Назовите период: по начислениям и перерасчётам без него не ответить.",
            "Вопрос о льготе — укажите ФИО льготника и его идентификатор.",
            "Напишите, что вы сделали перед тем, как заметили проблему.",
        ),
        (
            "Copy the heading of the billing page into the text: agent, section, account, period.",
            "Name the period: charges and recalculations cannot be explained without it.",
            "A question about a benefit: give the holder's name and identifier.",
            "Write what you did before you noticed the problem.",
        ),
        _auto_ru("Если вопрос о начислениях или перерасчёте, ответим за указанный период; о другом периоде напишите."),
        _auto_en(
            "Of charges and recalculations we answer for the period that was named; if you mean another one, write which."
        ),
        10,
        fields=(*_MATTER, *_PLACE),
        example_ru=_HEADING_RU,
        example_en=_HEADING_EN,
    ),
    Queue(
        "exchange",
        "Обмен данными",
        "Data exchange",
        "Внедрить новый жилфонд, передать файлы с платежами, показаниями или льготами.",
        "To bring in new housing stock, to pass on files with payments, readings or benefits.",
        (
            "Приложите сам файл: поступления, показания, файл-запрос или файл-ответ. Без файла сверку не начать.",
            "Назовите банк или поставщика и дату реестра.",
            "Для нового жилфонда — адреса домов и дату начала обслуживания.",
            "Файл не загрузился — перепишите сообщение программы или вставьте снимок экрана.",
        ),
        (
            "Attach the file itself: payments, readings, request or answer file. A check cannot begin without it.",
            "Name the bank or supplier and the date of the register.",
            "For new housing stock: the addresses and the date when service begins.",
            "If a file was not loaded, copy the program's message or paste a screenshot.",
        ),
        _auto_ru("Проверьте, что файл реестра приложен и открывается."),
        _auto_en("Please check that the register is attached and can be opened."),
        20,
        fields=(*_MATTER, *_PLACE),
        example_ru=_HEADING_RU,
        example_en=_HEADING_EN,
    ),
    Queue(
        "error",
        "Ошибка",
        "Error",
        "Программа показала код ошибки, пустую страницу или «Технические работы»; не запускается расчёт жилфонда.",
        "The program showed an error code, an empty page or “Maintenance”; the calculation does not start.",
        (
            "Перепишите код и текст ошибки или вставьте снимок экрана.",
            "Укажите страницу и время, когда это произошло.",
            "Опишите шаги: что нажали, что ожидали, что получили.",
            "Неверные суммы чаще вызваны данными — для них выберите получателя «Консультация».",
        ),
        (
            "Copy the code and text of the error or paste a screenshot.",
            "Name the page and the time when it happened.",
            "Describe the steps: what you pressed, what you expected, what you got.",
            "Wrong amounts mostly come from data: choose the recipient “Advice” for them.",
        ),
        _auto_ru("Не закрывайте страницу с ошибкой, если можете: специалисту может понадобиться её снимок."),
        _auto_en("Keep the page with the error open if you can: the specialist may need a picture of it."),
        30,
        fields=(ERROR_CODE, PAGE, STEPS, *_PERHAPS, *_PLACE),
        example_ru="УК Заря · Расчёты · Расчёт жилфонда\nСадовая ул., д. 14 · октябрь 2026",
        example_en="UK Zarya · Calculations · Housing stock\nSadovaya ul., 14 · October 2026",
    ),
    Queue(
        "feature",
        "Нововведение",
        "New feature",
        "Сделать то, чего в программе нет: отчёт, шаблон квитанции, выгрузку в соцзащиту, поле для поиска.",
        "To build what the program lacks: a report, a receipt template, an export, a search field.",
        (
            "Опишите задачу, а не только кнопку: кто и для чего будет пользоваться.",
            "Приложите образец: форму отчёта, макет квитанции, описание формата.",
            "Назовите срок и причину: дата собрания, начало отопительного сезона, требование закона.",
            "Разработка занимает время — просите заранее.",
        ),
        (
            "Describe the task and not only the button: who will use it and what for.",
            "Attach a sample: a report form, a receipt layout, a description of the format.",
            "Name the date and the reason: a meeting, the heating season, a requirement of the law.",
            "Development takes time: ask well ahead.",
        ),
        _auto_ru("Сначала оценим объём работы и назовём срок."),
        _auto_en("We will first estimate the work and name a date."),
        40,
        fields=(PURPOSE, WANTED_BY, *_PLACE),
        example_ru="УК Заря · Отчёты · Оборотная ведомость\nСадовая ул., д. 14 · октябрь 2026",
        example_en="UK Zarya · Reports · Turnover sheet\nSadovaya ul., 14 · October 2026",
    ),
    Queue(
        "training",
        "Обучение",
        "Training",
        "Обучить нового сотрудника вашей компании работе в программе.",
        "To teach a new employee of your company to work in the program.",
        (
            "Скачайте бланк заявки на обучение, заполните и приложите: он лежит прямо в этой форме.",
            "Укажите ФИО, должность и разделы программы, в которых сотрудник будет работать.",
            "Предложите два-три удобных дня и время.",
        ),
        (
            "Download the training form, fill it in and attach it: it lies in this very form.",
            "Name the person, the job and the sections of the program needed.",
            "Suggest two or three suitable days and times.",
        ),
        _auto_ru("Занятие назначим после того, как получим заполненный бланк."),
        _auto_en("We will set the date of the lesson as soon as we have the completed form."),
        50,
        fields=(_blank("training"), *_PLACE),
        follow_up="refuse",  # one lesson, one request
    ),
    Queue(
        "access",
        "Заявка на доступ/закрытие к БО/ХД",
        "Access to the billing and data store",
        "Открыть, изменить или закрыть сотруднику доступ к «Биллингу» (БО) или хранилищу данных (ХД).",
        "To open, change or close an employee's access to the billing or the data store.",
        (
            "Скачайте бланк в этой форме, подпишите у руководителя и приложите: без него доступ не открываем.",
            "Для уволенного сотрудника укажите логин и дату, с которой доступ закрыть.",
            "Перечислите разделы и права: просмотр, ввод, администратор.",
            "Пароли в заявке не пишите.",
        ),
        (
            "Download the blank from this form, have it signed by your manager and attach it: access is not opened without it.",
            "For a person who leaves: the login and the date from which access is to be closed.",
            "List the sections and rights: read, write, administrator.",
            "Never write passwords into a request.",
        ),
        _auto_ru("Временный пароль придёт сотруднику на почту, указанную в бланке."),
        _auto_en("The employee gets a temporary password at the address given in the form."),
        60,
        fields=(_blank("access"), *_PLACE),
        follow_up="new",  # rights are granted by a blank of their own
    ),
    Queue(
        "changes",
        "Изменение данных",
        "Change of data",
        "Изменить параметры счетов, домов, помещений, тарифов или нормативов, если прав «Администратора» не хватает.",
        "To change accounts, houses, premises, tariffs or norms where administrator's rights do not suffice.",
        (
            "Сначала проверьте, можно ли изменить это с правами «Администратор».",
            "Напишите, что стоит сейчас, что должно быть и с какой даты.",
            "Приложите основание: приказ, акт, постановление, выписку.",
            "Нужен ли перерасчёт за прошлые месяцы — скажите сразу.",
        ),
        (
            "Check first whether it can be changed with administrator's rights.",
            "Write what stands now, what should stand and from which date.",
            "Attach the ground: an order, an act, a resolution, an extract.",
            "Say at once whether past months are to be recalculated.",
        ),
        _auto_ru("До закрытия периода изменения вносим в первую очередь."),
        _auto_en("Changes needed before the period closes come first."),
        70,
        fields=(*_MATTER, *_PLACE),
        example_ru=_HEADING_RU,
        example_en=_HEADING_EN,
    ),
    Queue(
        "cabinet",
        "Кабинет Абонента",
        "Subscriber's cabinet",
        "Вопросы о Кабинете Абонента: регистрация, логотип организации, адрес почты для обращений.",
        "Questions about the subscriber's cabinet: signing up, logo, address for appeals.",
        (
            "Укажите лицевой счёт и почту абонента, с которой он входит.",
            "Приложите снимок экрана абонента целиком, с адресной строкой.",
            "Логотип присылайте в PNG с прозрачным фоном, ширина от 600 точек.",
            "Вопрос о платеже из Кабинета — получатель «Интернет-эквайринг».",
        ),
        (
            "Give the account and the address with which the subscriber signs in.",
            "Attach the whole screenshot, with the address bar.",
            "Send a logo as PNG with a transparent background, at least 600 pixels wide.",
            "A payment made in the cabinet belongs to “Internet acquiring”.",
        ),
        _AUTO_RU,
        _AUTO_EN,
        80,
        fields=_PLACE,
        example_ru=_HEADING_RU,
        example_en=_HEADING_EN,
    ),
    Queue(
        "cash",
        "Кассовое ПО",
        "Cash desk software",
        "Вопросы о работе кассиров в PyKasso: консультация кассира, чек, возврат, фискальный регистратор.",
        "Questions about cashiers' work in PyKasso: advice, receipts, refunds, the fiscal printer.",
        (
            "Назовите номер кассы и версию PyKasso: она стоит в нижней строке окна.",
            "Перепишите сообщение на экране и на табло фискального регистратора.",
            "Скажите, стоит ли очередь: тогда выберите приоритет «Высокий».",
            "Для спорного чека — номер, дата, сумма и вид оплаты.",
        ),
        (
            "Name the cash desk and PyKasso's version from the bottom line of its window.",
            "Copy the message on the screen and on the fiscal printer's display.",
            "Say whether people are queuing: then choose the priority “High”.",
            "For a disputed receipt: number, date, amount and kind of payment.",
        ),
        _auto_ru("Если касса стоит, не выключайте фискальный регистратор до ответа специалиста."),
        _auto_en("If the desk has stopped, leave the fiscal printer on until the specialist answers."),
        90,
        fields=_PLACE,
        example_ru=_CASH_RU,
        example_en=_CASH_EN,
    ),
    Queue(
        "acquiring",
        "Интернет-эквайринг",
        "Internet acquiring",
        "Вопросы о платежах через Кабинет Абонента: двойное списание, возврат, платёж не дошёл.",
        "Questions about payments through the cabinet: double debit, refund, a payment that did not arrive.",
        (
            "Укажите лицевой счёт, дату, время и сумму платежа.",
            "Приложите выписку или чек из банка абонента: по нему найдём операцию.",
            "Номер карты не присылайте, достаточно последних четырёх цифр.",
        ),
        (
            "Give the account, date, time and amount of the payment.",
            "Attach the bank's statement or receipt: it lets us find the operation.",
            "Do not send the card's number; its last four digits suffice.",
        ),
        _auto_ru("Временно заблокированные деньги банк возвращает сам, обычно за 3–5 рабочих дней."),
        _auto_en("The bank itself returns blocked money, as a rule within 3–5 working days."),
        100,
        fields=_PLACE,
        example_ru=_HEADING_RU,
        example_en=_HEADING_EN,
    ),
    Queue(
        "inbox",
        "Входящая почта",
        "Incoming mail",
        "Письма на общий адрес, которые ещё не разобраны по очередям.",
        "Letters to the common address that have not been sorted yet.",
        (
            "Определите компанию и автора, затем перенесите заявку в её очередь.",
            "Рассылки и рекламу удаляйте с состоянием «Удалена».",
            "Письмо абонента перенесите в «Обращения абонентов».",
        ),
        (
            "Find the company and the author, then move the request to its queue.",
            "Mailings and advertisements get the state “Removed”.",
            "A subscriber's letter belongs to “Subscribers' appeals”.",
        ),
        _AUTO_RU,
        _AUTO_EN,
        110,
        client_chooses=False,
        fields=_PLACE,
    ),
    Queue(
        "subscribers",
        "Обращения абонентов",
        "Subscribers' appeals",
        "Письма абонентов, пришедшие на общую почту: их передаём управляющей организации.",
        "Letters of subscribers to the common mailbox: they are passed on to the managing company.",
        (
            "Найдите лицевой счёт по адресу и ФИО, впишите его в поле заявки.",
            "Передайте обращение управляющей организации и сообщите об этом абоненту.",
            "Данные счёта посторонним не сообщайте.",
        ),
        (
            "Find the account by address and name and fill in the field.",
            "Pass the appeal on to the managing company and tell the subscriber so.",
            "Never give an account's data to strangers.",
        ),
        _auto_ru("Если письмо о начислениях, мы передадим его вашей управляющей организации."),
        _auto_en("If it is about charges, we will pass your letter on to your managing company."),
        120,
        client_chooses=False,
        fields=_PLACE,
    ),
)

CATEGORIES: Final = (
    Category("billing", "Начисления и перерасчёты", "Charges and recalculations"),
    Category("charges", "Начисления", "Charges", "billing"),
    Category("recalculation", "Перерасчёты", "Recalculations", "billing"),
    Category("penalties", "Пени", "Late fees", "billing"),
    Category("common-needs", "ОДН", "Common building needs", "billing"),
    Category("tariffs", "Тарифы и нормативы", "Tariffs and norms", "billing"),
    Category("meters", "Приборы учёта", "Meters"),
    Category("readings", "Показания", "Readings", "meters"),
    Category("replacement", "Замена и поверка", "Replacement and calibration", "meters"),
    Category("benefits", "Льготы и субсидии", "Benefits and subsidies"),
    Category("benefit-charge", "Расчёт льготы", "Calculation of a benefit", "benefits"),
    Category("benefit-exchange", "Обмен с соцзащитой", "Exchange with social security", "benefits"),
    Category("payments", "Платежи и сальдо", "Payments and balance"),
    Category("registers", "Реестры банков", "Registers of banks", "payments"),
    Category("acquiring", "Эквайринг", "Acquiring", "payments"),
    Category("cash-desk", "Касса", "Cash desk", "payments"),
    Category("exchange", "Обмены", "Exchanges"),
    Category("gis", "ГИС ЖКХ", "State housing system", "exchange"),
    Category("housing", "Новый жилфонд", "New housing stock", "exchange"),
    Category("accounting", "Бухгалтерия", "Accounting", "exchange"),
    Category("receipts", "Квитанции", "Receipts"),
    Category("reports", "Отчёты", "Reports"),
    Category("cabinet", "Кабинет Абонента", "Subscriber's cabinet"),
    Category("system", "Работа программы", "The program itself"),
    Category("failure", "Сбой", "Failure", "system"),
    Category("access", "Доступ и права", "Access and rights", "system"),
    Category("training", "Обучение", "Training", "system"),
    Category("registration", "Паспортный стол", "Residents' registration"),
)

KINDS: Final = (
    Kind("question", "Вопрос", "Question"),
    Kind("fault", "Сбой", "Fault", ("error", "cash", "acquiring")),
    Kind("task", "Задача", "Task", ("access", "training", "exchange")),
    Kind("change", "Изменение", "Change", ("changes", "feature")),
)
TAGS: Final = {  # what stands at every so many-th request
    "тарифы 2027": 9, "массовый сбой": 17, "в инструкцию": 23, "для релиза": 29,
}  # fmt: skip
