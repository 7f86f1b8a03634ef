"""Letters to the common address: unsorted mail and appeals of subscribers, seen by specialists only."""

from typing import Final

from helpdesk.demo.content.types import Contact, Conversation, agent, mail, note

MAIL: Final = (
    Conversation(
        key="inbox-forwarded",
        heating_season=True,
        queue="inbox",
        category="charges",
        subject="Fwd: вопрос по начислениям, {address}",
        channel="mail",
        messages=(
            mail(
                "Коллеги, добрый день!\n\nПересылаем вопрос жителя: почему в {in_month} выросло отопление. {address}, ЛС {account}. Посмотрите, пожалуйста, и ответьте нам.\n\nС уважением,\n{signature}\n{agent}",
                "photo_receipt_png",
            ),
        ),
        final_state="new",
    ),
    Conversation(
        key="inbox-document-request",
        queue="inbox",
        category="system",
        subject="Акт сверки и счёт за сопровождение",
        channel="mail",
        messages=(
            mail(
                "Здравствуйте!\n\nПришлите, пожалуйста, акт сверки за квартал и счёт за следующий месяц.\n\n{signature}, {agent}"
            ),
            note("Это к бухгалтерии. Переслали, ответим отсюда.", after=2),
            agent(
                "{client}, здравствуйте! Акт сверки во вложении, счёт бухгалтерия отправит в начале месяца вместе с отчётом о работах. Заявка выполнена и ожидает автозакрытия.",
                "act_pdf",
                after=22,
                state="autoclose",
            ),
        ),
        final_state="closed",
    ),
    Conversation(
        key="inbox-advertisement",
        queue="inbox",
        category="system",
        subject="Скидки на картриджи до конца недели",
        channel="mail",
        writer=Contact("Отдел продаж «Картридж-Маркет»", "sales@kartridzh-market.example"),
        messages=(
            mail(
                "Уважаемые партнёры!\n\nТолько до конца недели скидка 20 % на картриджи и бумагу. Доставка по городу бесплатно."
            ),
            note("Реклама.", after=1, state="removed"),
        ),
        final_state="removed",
    ),
    Conversation(
        key="inbox-new-company",
        queue="inbox",
        category="system",
        subject="Подключение к HelpDesk и «Биллингу»",
        channel="mail",
        writer=Contact("Алексей Крутов", "krutov@tszh-vesna.example"),
        messages=(
            mail(
                "Добрый день!\n\nТСЖ «Весна», 3 дома, 214 квартир. Рассматриваем переход на ваш «Биллинг» с нового года. Как подключиться и сколько занимает перенос данных?\n\nАлексей Крутов, председатель"
            ),
            agent(
                "Алексей, здравствуйте! Спасибо за интерес. Перенос трёх домов занимает две–три недели, нужны реестр помещений, сальдо и показания. Передали ваш вопрос менеджеру, он позвонит завтра. По какому телефону удобно?",
                after=4,
                state="clarify",
            ),
        ),
        final_state="clarify",
    ),
    Conversation(
        key="subscriber-intercom",
        queue="subscribers",
        category="charges",
        subject="Жалоба на начисление за домофон, кв. 112",
        fields={"address": "{house}, кв. 112"},
        channel="mail",
        writer=Contact("Антонина Смирнова", "smirnova.antonina@subscribers.example"),
        messages=(
            mail(
                "Здравствуйте. Живу: {house}, кв. 112. Домофон не работает с весны, а 65 рублей каждый месяц берут. Заявку мастеру писала два раза. Прошу снять начисление и починить.\n\nСмирнова А. П."
            ),
        ),
        final_state="new",
    ),
    Conversation(
        key="subscriber-heating",
        heating_season=True,
        queue="subscribers",
        category="recalculation",
        subject="Холодные батареи и полная оплата, {address}",
        fields={"address": "{address}", "account": "{account}"},
        channel="mail",
        writer=Contact("Валерий Горшков", "gorshkov.v@subscribers.example"),
        messages=(
            mail(
                "Добрый день! В {in_month} девять дней были холодные батареи, в квартире 15 градусов. Акт составляли. В квитанции за отопление полная сумма {sum} руб. Прошу пересчитать. {address}.\n\nГоршков В. И.",
                "act_pdf",
            ),
            note("Счёт найден: {account}, дом обслуживает {agent}. Передать им с актом, абоненту сообщить.", after=3),
            agent(
                "Валерий Иванович, здравствуйте! Ваше обращение и акт передали управляющей организации, она ответит вам в течение десяти рабочих дней. Перерасчёт по акту делает она. Заявка выполнена и ожидает автозакрытия.",
                after=0.5,
                state="autoclose",
            ),
        ),
        final_state="closed",
    ),
    Conversation(
        key="subscriber-receipt",
        queue="subscribers",
        category="receipts",
        subject="Не пришла квитанция за {period}",
        channel="mail",
        writer=Contact("Наиля Галимова", "galimova.n@subscribers.example"),
        messages=(
            mail("Здравствуйте, квитанцию за {period} в ящик не положили. Сколько платить?\n\nГалимова"),
            agent(
                "Здравствуйте! По письму без адреса счёт не найти, а сумму мы сообщаем только собственнику. Напишите, пожалуйста, адрес и номер лицевого счёта с прошлой квитанции. Быстрее всего сумма видна в Кабинете Абонента.",
                after=5,
                state="clarify",
            ),
            mail("{address}, счёт {account}. В Кабинет уже вошла, там всё есть, спасибо.", after=7),
            agent("Рады, что получилось. Закрываем обращение.", after=14, state="closed"),
        ),
        final_state="closed",
    ),
    Conversation(
        key="subscriber-neighbour",
        queue="subscribers",
        category="registration",
        subject="Прошу сообщить долг соседей из кв. 45",
        channel="mail",
        writer=Contact("Пётр Сизов", "sizov.p@subscribers.example"),
        messages=(
            mail(
                "Добрый день. Из-за должников отключают воду всему подъезду. Прошу сообщить, сколько должна кв. 45 в доме {house}."
            ),
            agent(
                "Здравствуйте! Сведения о чужих лицевых счетах — персональные данные, сообщить их мы не можем. О долге дома в целом управляющая организация рассказывает на собрании собственников. О вашем собственном счёте готовы ответить.",
                after=4,
                state="closed_unsolved",
            ),
        ),
        final_state="closed_unsolved",
    ),
)
