"""Companies, clients and specialists of the demo world. All of them are invented."""

from typing import Final

from helpdesk.demo.content.queues import QUEUES
from helpdesk.demo.content.types import Agent, Client, Company

CONTRACT_LOGINS: Final = frozenset({"client1", "client2", "client3", "agent1", "agent2", "agent3", "lead", "admin"})
SERVICE_DOMAIN: Final = "example.com"

COMPANIES: Final = (
    Company("zarya", "ООО «Управляющая компания „Заря“»", "УК Заря", "zarya.example"),
    Company("berezka", "Товарищество собственников жилья «Берёзка»", "ТСЖ Берёзка", "berezka.example"),
    Company("dvor", "ООО «Управляющая компания „Северный двор“»", "УК Северный двор", "dvor.example"),
    Company("zheu7", "МУП «Жилищно-эксплуатационное управление № 7»", "ЖЭУ-7", "zheu7.example"),
    Company("mayak", "Жилищно-строительный кооператив «Маяк»", "ЖСК Маяк", "mayak.example"),
    Company("uyut", "ООО «Управляющая компания „Уют-Сервис“»", "УК Уют-Сервис", "uyut-servis.example"),
    Company("center", "АО «Управляющая компания „Центральная“»", "УК Центральная", "uk-center.example"),
    Company("nab12", "Товарищество собственников жилья «Набережная, 12»", "ТСЖ Набережная, 12", "nab12.example"),
    Company("domserv", "ООО «Домсервис-Плюс»", "Домсервис-Плюс", "domserv.example"),
    Company("rodnik", "МУП «Водоканал „Родник“»", "Водоканал Родник", "rodnik.example"),
    Company("sosny", "Товарищество собственников недвижимости «Сосны»", "ТСН Сосны", "sosny.example"),
    Company("raschet", "АО «Единый расчётный центр „Поволжье“»", "ЕРЦ Поволжье", "erc-volga.example"),
)

CLIENTS: Final = (
    Client("client1", "Марина Соколова", "zarya", "начальник абонентского отдела", True, "company", "Викторовна"),
    Client("client2", "Ирина Журавлёва", "zarya", "бухгалтер по расчётам", False, "company", "Олеговна"),
    Client("konstantinopolskaya", "Галина Константинопольская", "zarya", "паспортист", False, "own", "Петровна"),
    Client("filatova", "Юлия Филатова", "zarya", "оператор абонентского отдела", False, "own", "Андреевна"),
    Client("zaitsev", "Роман Зайцев", "zarya", "инженер по учёту", False, "own", "Игоревич"),
    Client("gerasimova", "Людмила Герасимова", "zarya", "кассир", False, "own", "Николаевна"),
    Client("trofimov", "Виктор Трофимов", "zarya", "системный администратор", False, "company", "Павлович"),
    Client("client3", "Ольга Руднева", "berezka", "председатель правления", True, "company", "Сергеевна"),
    Client("panina", "Вера Панина", "berezka", "бухгалтер", False, "company", "Михайловна"),
    Client("belyaev", "Степан Беляев", "berezka", "техник", False, "own", "Ильич"),
    Client("shubina", "Дарья Шубина", "berezka", "помощник бухгалтера", False, "own", "Алексеевна"),
    Client("kotova", "Нина Котова", "berezka", "делопроизводитель", False, "own", "Фёдоровна"),
    Client("lebedeva", "Татьяна Лебедева", "dvor", "бухгалтер", False, "company", "Вадимовна"),
    Client("gusev", "Андрей Гусев", "dvor", "директор", True, "company", "Леонидович"),
    Client("makarova", "Елена Макарова", "dvor", "экономист", False, "company", "Юрьевна"),
    Client("sidorenko", "Алла Сидоренко", "dvor", "оператор ПК", False, "own", "Тимофеевна"),
    Client("vlasov", "Кирилл Власов", "dvor", "инженер ПТО", False, "own", "Денисович"),
    Client("ermakova", "Оксана Ермакова", "dvor", "кассир", False, "own", "Васильевна"),
    Client("nikiforova", "Зоя Никифорова", "zheu7", "главный бухгалтер", True, "company", "Аркадьевна"),
    Client("polyakova", "Инна Полякова", "zheu7", "старший кассир", False, "company", "Борисовна"),
    Client("borodin", "Евгений Бородин", "zheu7", "программист", False, "company", "Максимович"),
    Client("lazareva", "Светлана Лазарева", "zheu7", "кассир", False, "own", "Петровна"),
    Client("chernova", "Мария Чернова", "zheu7", "паспортист", False, "own", "Егоровна"),
    Client("abramov", "Лев Абрамов", "mayak", "председатель правления", True, "company", "Семёнович"),
    Client("dorofeeva", "Раиса Дорофеева", "mayak", "бухгалтер", False, "company", "Ивановна"),
    Client("kulikov", "Глеб Куликов", "mayak", "управляющий домами", False, "own", "Артёмович"),
    Client("savina", "Полина Савина", "mayak", "делопроизводитель", False, "own", "Романовна"),
    Client("petrova-na", "Наталья Петрова", "uyut", "бухгалтер", False, "own", "Анатольевна"),
    Client("ryabov", "Константин Рябов", "uyut", "генеральный директор", True, "company", "Эдуардович"),
    Client("fomina", "Алина Фомина", "uyut", "специалист по работе с населением", False, "company", "Дмитриевна"),
    Client("sorokina", "Жанна Сорокина", "uyut", "расчётчик", False, "company", "Викторовна"),
    Client("antipov", "Борис Антипов", "uyut", "инженер по приборам учёта", False, "own", "Григорьевич"),
    Client("voronova", "Ксения Воронова", "center", "начальник расчётного отдела", True, "company", "Станиславовна"),
    Client("mitrofanov", "Артур Митрофанов", "center", "ведущий программист", False, "company", "Русланович"),
    Client("galkina", "Валентина Галкина", "center", "экономист по тарифам", False, "company", "Кирилловна"),
    Client("ignatova", "Анастасия Игнатова", "center", "расчётчик", False, "own", "Глебовна"),
    Client("demidov", "Фёдор Демидов", "center", "юрист по взысканию", False, "company", "Валерьевич", writes=False),
    Client("tarasova", "Лариса Тарасова", "center", "специалист по льготам", False, "own", "Яковлевна"),
    Client("ushakov", "Михаил Ушаков", "nab12", "председатель правления", True, "company", "Всеволодович"),
    Client("zhdanova", "Екатерина Жданова", "nab12", "бухгалтер", False, "company", "Геннадьевна"),
    Client("prokhorov", "Павел Прохоров", "nab12", "управляющий", False, "own", "Тарасович"),
    Client("loginova", "Софья Логинова", "nab12", "диспетчер", False, "own", "Антоновна"),
    Client("kirillova", "Тамара Кириллова", "domserv", "директор по расчётам", True, "company", "Львовна"),
    Client("bykov", "Олег Быков", "domserv", "администратор базы", False, "company", "Николаевич"),
    Client("seleznyova", "Вероника Селезнёва", "domserv", "расчётчик", False, "own", "Павловна"),
    Client("osipova", "Диана Осипова", "domserv", "оператор контактного центра", False, "own", "Маратовна"),
    Client("maltsev", "Игорь Мальцев", "domserv", "инженер по учёту", False, "own", "Степанович"),
    Client("grachyova", "Эмма Грачёва", "rodnik", "начальник отдела сбыта", True, "company", "Робертовна"),
    Client("suvorov", "Тимур Суворов", "rodnik", "контролёр", False, "own", "Ренатович"),
    Client("yashina", "Людмила Яшина", "rodnik", "бухгалтер", False, "company", "Захаровна"),
    Client("krylova", "Регина Крылова", "rodnik", "оператор ПК", False, "own", "Эдуардовна"),
    Client("nesterov", "Юрий Нестеров", "sosny", "председатель правления", True, "company", "Матвеевич"),
    Client("blinova", "Клавдия Блинова", "sosny", "бухгалтер", False, "company", "Степановна"),
    Client("agapov", "Данила Агапов", "sosny", "управляющий", False, "own", "Кириллович"),
    Client("romashina", "Надежда Ромашина", "sosny", "делопроизводитель", False, "own", "Ильинична"),
    Client("starikova", "Маргарита Старикова", "raschet", "заместитель директора", True, "company", "Евгеньевна"),
    Client("khasanov", "Ринат Хасанов", "raschet", "начальник отдела обменов", False, "company", "Ильдарович"),
    Client("vorobyova", "Анжелика Воробьёва", "raschet", "специалист по льготам", False, "company", "Олеговна"),
    Client("pestov", "Никита Пестов", "raschet", "системный администратор", False, "own", "Андреевич"),
    Client("zimina", "Алёна Зимина", "raschet", "старший кассир", False, "own", "Владимировна"),
)

_ALL: Final = tuple(queue.key for queue in QUEUES)

AGENTS: Final = (
    Agent("agent1", "Илья Орлов", ("agent",), _ALL, "ведущий специалист сопровождения"),
    Agent("agent2", "Анна Ковалёва", ("agent",), _ALL, "специалист сопровождения"),
    Agent("agent3", "Пётр Тихонов", ("agent",), ("cash",), "инженер кассового ПО"),
    Agent("lead", "Наталья Белозёрова", ("agent", "lead"), _ALL, "руководитель Службы сопровождения"),
    Agent("admin", "Сергей Мельников", ("admin",), _ALL, "администратор HelpDesk"),
    Agent("vasnetsova", "Светлана Васнецова", ("agent",), ("error", "feature", "consultation"), "программист"),
    Agent("gromov", "Денис Громов", ("agent",), ("exchange", "changes", "inbox"), "инженер по обменам"),
    Agent(
        "drozdova",
        "Ольга Дроздова",
        ("agent",),
        ("training", "access", "consultation", "inbox", "subscribers"),
        "методист",
    ),
    Agent("egorov", "Максим Егоров", ("agent",), ("cabinet", "acquiring", "subscribers"), "инженер веб-сервисов"),
)

_DOMAINS: Final = {company.key: company.domain for company in COMPANIES}


def address_of(person: Client | Agent) -> str:
    """The mail address: contract logins and specialists at example.com, other clients at their company."""
    if isinstance(person, Agent) or person.login in CONTRACT_LOGINS:
        return f"{person.login}@{SERVICE_DOMAIN}"
    return f"{person.login}@{_DOMAINS[person.company]}"
