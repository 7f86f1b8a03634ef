"""Conversations about changes of data, access to the billing and the data store, and training."""

from typing import Final

from helpdesk.demo.content.types import Conversation, agent, client, colleague, mail, note

CHANGES: Final = (
    Conversation(
        key="area-after-rebuilding",
        queue="changes",
        category="charges",
        subject="Изменить площадь после перепланировки, {address}",
        fields={"account": "{account}", "address": "{address}", "topic": "charges", "period": "{period_iso}"},
        messages=(
            client(
                "{address}: было 54,3 м², стало 52,9 м². Выписка из ЕГРН приложена. Прошлый период закрыт, изменить сами не можем. Нужен перерасчёт с 1 {of_month}.",
                "act_pdf",
            ),
            agent(
                "{client}, здравствуйте! Площадь изменена с 1 {of_month}, счёт пересчитан: −{sum} ₽. Общая площадь дома для распределения ОДН тоже пересчитана. Заявка выполнена и ожидает автозакрытия.",
                after=7,
                state="autoclose",
            ),
        ),
        final_state="closed",
    ),
    Conversation(
        key="odn-norm",
        queue="changes",
        category="tariffs",
        subject="Норматив ОДН по электроэнергии с 1 {this_of_month}",
        fields={"topic": "charges", "period": "{period_iso}", "agent": "{agent}"},
        messages=(
            client(
                "Постановление о новом нормативе приложено. Просим внести до закрытия периода: с 1 {this_of_month}, для домов без лифтов 0,82, с лифтами 2,73 кВт·ч на м².",
                "order_pdf",
            ),
            agent(
                "{client}, здравствуйте! Норматив внесли для домов с лифтами и без. Отдельно в постановлении — дома с повысительными насосами, 1,14. У вас таких домов четыре, признака насоса в карточках нет. Перечислите их, пожалуйста.",
                after=5,
                state="clarify",
            ),
            client("Уточним у инженеров, ответим в начале недели.", after=3),
            agent(
                "Хорошо, вернёмся к заявке в начале недели. До закрытия периода успеваем.",
                after=1,
                state="reminder",
                pending=96,
            ),
        ),
        final_state="reminder",
    ),
    Conversation(
        key="supplier-change",
        queue="changes",
        category="tariffs",
        subject="Сменить поставщика услуги «Обращение с ТКО» по всем домам",
        fields={"topic": "charges", "period": "{period_iso}", "agent": "{agent}"},
        priority=4,
        messages=(
            client(
                "С 1 {this_of_month} новый региональный оператор. Реквизиты и тариф в приказе. Домов 34, по одному менять долго.",
                "order_pdf",
            ),
            agent(
                "{client}, здравствуйте! Сменили поставщика и тариф по 34 домам. Реквизиты на квитанции подставятся при следующем расчёте. Посмотрите, пожалуйста, на любом счёте. Заявка выполнена и ожидает автозакрытия.",
                "receipt_pdf",
                after=9,
                state="autoclose",
            ),
            client(
                "Реквизиты верные. А в отчёте по поставщикам платежи за прошлый месяц ушли новому оператору, это неправильно.",
                after=4,
                state="rework",
            ),
            note(
                "Смена поставщика прошла без даты начала в справочнике договоров, отчёт смотрит на договор. Поставить дату.",
                after=1,
            ),
            agent(
                "Исправили: у договора с новым оператором не стояла дата начала. Платежи за прошлый месяц снова у прежнего оператора. Заявка выполнена и ожидает автозакрытия.",
                after=1.5,
                state="autoclose",
            ),
        ),
        final_state="closed",
    ),
    Conversation(
        key="house-number",
        queue="changes",
        category="registration",
        subject="Дому присвоен новый номер: {house}",
        fields={"address": "{house}", "topic": "other"},
        priority=2,
        messages=(
            client(
                "Постановлением администрации дом {house} получил новый номер с литерой А. Нужно сменить адрес, не теряя истории.",
                "order_pdf",
            ),
            agent(
                "{client}, здравствуйте! Адрес изменён, прежний остался как историческое название: поиск находит дом по обоим. В ГИС ЖКХ адрес обновите сами, туда мы писать от вашего имени не можем. Заявка выполнена и ожидает автозакрытия.",
                after=12,
                state="autoclose",
            ),
            client("Всё видно. Спасибо!", after=3, state="closed"),
        ),
        final_state="closed",
    ),
    Conversation(
        key="mass-owner-update",
        queue="changes",
        category="registration",
        subject="Обновить собственников по выписке ЕГРН, {house}",
        fields={"address": "{house}", "topic": "registration"},
        messages=(
            client(
                "По дому {house} сменились собственники в 42 квартирах. Таблица во вложении: квартира, ФИО, доля, дата.",
                "accounts_xlsx",
            ),
            agent(
                "{client}, здравствуйте! Таблицу взяли в работу. В трёх строках сумма долей не равна единице: кв. 12, 57 и 81. Проверьте, пожалуйста.",
                after=10,
                state="clarify",
            ),
            colleague(
                "По 12 и 57 исправленная таблица во вложении. По 81 доля спорная, её не трогайте.",
                "accounts_xlsx",
                after=18,
            ),
            agent("Загрузили 41 квартиру, 81-ю оставили без изменений.", after=4, state="review"),
        ),
        final_state="review",
    ),
    Conversation(
        key="return-payment",
        queue="changes",
        category="registers",
        subject="Перенести платёж с чужого лицевого счёта на {account}",
        fields={"account": "{account}", "topic": "payments"},
        messages=(
            client(
                "Абонент ошибся цифрой и оплатил {sum} ₽ на чужой счёт. Заявление и чек приложены. Просим перенести платёж на ЛС {account}.",
                "photo_receipt_png",
            ),
            agent(
                "{client}, здравствуйте! Счёт, на который ушёл платёж, закрыл им свой долг. Чтобы перенести деньги, нужно согласие второго абонента или ваше служебное письмо. Пришлите любой из документов.",
                after=3,
                state="clarify",
            ),
        ),
        final_state="clarify",
    ),
    Conversation(
        key="access-accountant",
        queue="access",
        category="access",
        subject="Доступ к БО для нового бухгалтера",
        fields={"agent": "{agent}"},
        messages=(
            client(
                "Просим открыть доступ новому бухгалтеру: лицевые счета — просмотр, платежи — ввод, отчёты — все. Бланк подписан директором.",
                "access_form_docx",
            ),
            agent(
                "{client}, здравствуйте! Доступ открыт, временный пароль ушёл на почту из бланка. При первом входе программа попросит его сменить. Заявка выполнена и ожидает автозакрытия.",
                after=3.5,
                state="autoclose",
            ),
        ),
        final_state="closed",
    ),
    Conversation(
        key="access-close",
        queue="access",
        category="access",
        subject="Закрыть доступ уволенному сотруднику с {today}",
        fields={"agent": "{agent}"},
        priority=4,
        messages=(
            client(
                "Сотрудник уволен, последний рабочий день — {today}. Логин operator3. Просим закрыть доступ и к БО, и к хранилищу данных.",
                "access_form_docx",
            ),
            agent(
                "{client}, здравствуйте! Доступ по логину operator3 закрыт в БО и ХД, открытые сеансы завершены. История действий сохранена. Заявка выполнена и ожидает автозакрытия.",
                after=0.8,
                state="autoclose",
            ),
        ),
        final_state="closed",
    ),
    Conversation(
        key="access-no-form",
        queue="access",
        category="access",
        subject="Права администратора для двух сотрудников",
        channel="mail",
        messages=(
            mail(
                "Дайте, пожалуйста, права администратора двум сотрудникам абонентского отдела на время отпуска начальника отдела."
            ),
            agent(
                "{client}, здравствуйте! Для прав администратора нужен бланк, подписанный руководителем, со сроком действия. Бланк приложен. Подойдёт скан.",
                "access_form_docx",
                after=2,
                state="clarify",
            ),
            agent("{client}, ждём бланк. Если права больше не нужны, заявку можно закрыть.", after=72),
            agent(
                "Бланк за десять дней не поступил, права не выданы. Закрываем заявку. Понадобятся права — пришлите бланк ответом на это письмо.",
                after=168,
                state="closed_unsolved",
            ),
        ),
        final_state="closed_unsolved",
    ),
    Conversation(
        key="access-vpn",
        queue="error",
        category="access",
        subject="Хранилище данных: не подключается с нового рабочего места",
        fields={"error_code": "Узел не разрешён", "page": "Хранилище данных → Подключение"},
        messages=(
            client(
                "Перенесли рабочее место экономиста в другой кабинет, хранилище данных пишет «Узел не разрешён». Логин и пароль верные.",
                "screenshot_error",
            ),
            agent(
                "{client}, здравствуйте! Доступ к ХД открыт по списку адресов. Пришлите внешний адрес нового рабочего места: его покажет страница «О подключении» в программе.",
                after=1.5,
                state="clarify",
            ),
            client("203.0.113.47", after=1),
            agent("Адрес добавлен, прежний убран. Проверьте подключение.", after=0.7, state="review"),
            client("Подключилось.", after=0.5, state="closed"),
        ),
        final_state="closed",
    ),
    Conversation(
        key="access-new-waiting",
        queue="access",
        category="access",
        subject="Изменить права оператора: добавить паспортный стол",
        priority=2,
        messages=(
            client(
                "Оператор абонентского отдела с понедельника замещает паспортиста. Нужен ввод в разделе «Паспортный стол» на месяц. Бланк приложен.",
                "access_form_docx",
            ),
        ),
        final_state="new",
    ),
    Conversation(
        key="training-cashier",
        queue="training",
        category="training",
        subject="Обучение нового кассира: касса и возвраты",
        messages=(
            client(
                "Бланк во вложении. Удобно на следующей неделе после 14:00, лучше во вторник или среду. Кассир раньше с PyKasso не работал.",
                "training_form_docx",
            ),
        ),
        final_state="new",
    ),
    Conversation(
        key="training-benefits",
        queue="training",
        category="training",
        subject="Занятие по льготам для двух специалистов",
        messages=(
            client(
                "Приняли двух специалистов по льготам, бланки во вложении. Нужны карточка льготника, файлы-запросы и ответы, сверка с соцзащитой.",
                "training_form_docx",
            ),
            agent(
                "{client}, здравствуйте! Предлагаем {in_week} в 10:00, полтора часа, видеосвязь. Ссылку пришлём накануне. Подходит?",
                after=5,
                state="clarify",
            ),
            client("Подходит. Запись занятия будет?", after=2),
            agent("Да, запись останется у вас на месяц. Напомним накануне.", after=1, state="reminder", pending=144),
            agent(
                "Занятие прошло, запись и памятка отправлены. Остались вопросы — задавайте в этой же заявке до конца недели.",
                "instruction_pdf",
                after=168,
                state="review",
            ),
            colleague("Спасибо, всё понятно, особенно про коды ответов.", after=20, state="closed"),
        ),
        final_state="closed",
    ),
    Conversation(
        key="training-lost-form",
        queue="training",
        category="training",
        subject="Повторное обучение по закрытию периода",
        priority=2,
        channel="mail",
        messages=(
            mail(
                "Главный бухгалтер вышла из длительного отпуска, за это время закрытие периода изменилось. Просим час занятия."
            ),
            agent(
                "{client}, здравствуйте! Для этой темы есть готовая запись, 35 минут, ссылка в базе знаний. Посмотрите её, а потом ответим на вопросы по вашей базе. Если занятие всё же нужно, пришлите бланк. Заявка выполнена и ожидает автозакрытия.",
                "training_form_docx",
                after=4,
                state="autoclose",
            ),
        ),
        final_state="closed",
    ),
)
