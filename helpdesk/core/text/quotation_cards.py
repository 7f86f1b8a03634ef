"""Which lines a signature consists of: a name, a post, a firm, a telephone, an address, a notice; nothing else is one.

Closed lists on purpose: a line that could also be a sentence is none of these.
"""

import re
from functools import lru_cache

from helpdesk.core.text.quotation_words import CONTACT, DEVICE, SIGN_OFF

_LONGEST = 160
_TITLE = r"[^\W\d_a-zа-яё][\w'’`.-]{0,30}"
_POST = (
    r"(?:бухгалтер|директор|менеджер|инженер|начальник|экономист|оператор|администратор|паспортист|руководитель|"
    r"расч[её]тчик|специалист|юрист|юрисконсульт|секретарь|председатель|заместитель|кассир|диспетчер|мастер|"
    r"техник|программист|аналитик|консультант|помощник|управляющий|управдом|делопроизводитель|контрол[её]р|"
    r"заведующ(?:ий|ая))(?:а|я|ом|у|ю)?"
)
_DESCRIBES = (
    r"(?:главн|старш|младш|ведущ|генеральн|исполнительн|финансов|техническ|коммерческ|исполняющ|абонентск|"
    r"расч[её]тн|экономическ|юридическ|производственн|планов|кассов|клиентск|информационн|паспортн|"
    r"эксплуатационн|жилищн|коммунальн)(?:ый|ий|ой|ая|яя|ого|его|ому|ему|ые|ых|их|ое|ее|ую)|"
    r"зам\.?|и\.?\s?о\.?|обязанности"
)
_PLACE = (
    r"(?:отдел|служб|участ|сектор|групп|управлени|департамент|бухгалтери|центр|поддержк|продаж|расч[её]т|"
    r"начислени|эксплуатаци|касс|экономик|финанс|работ|клиент|абонент|населени|обслуживани|сопровождени|"
    r"правлени|компани|технологи|кадр)\w{0,4}"
)
_FIRM_FORM = (
    r"(?:ООО|ОАО|ПАО|ЗАО|АО|УК|ТСЖ|ТСН|ЖСК|ЖК|МУП|ГУП|ГБУ|МБУ|ИП|НКО|Управляющая\s+компания|"
    r"Общество\s+с\s+ограниченной\s+ответственностью|Товарищество\s+собственников\s+\w+)"
)
_FIRM = (
    rf"(?:{_FIRM_FORM}\s+)+(?:[«\"“][^»\"”]{{1,60}}[»\"”]|{_TITLE}(?:\s+{_TITLE}){{0,3}})|[«\"“][^»\"”]{{1,60}}[»\"”]"
)
_LABEL = (
    r"(?:тел(?:ефон)?|моб(?:ильный)?|сот(?:овый)?|раб(?:очий)?|городской|факс|e-?mail|mail|эл\.?\s?почта|почта|сайт|"
    r"web(?:site)?|www|skype|telegram|whatsapp|viber|phone|mobile|cell|direct|office|fax|tel|[mtfewopтм])"
)
_PHONE = r"(?:(?:\+\d|\(?\b8)[\d\s()‒–-]{6,20}|\(\d{3,5}\)\s?[\d\s-]{5,12}|\b\d{3}[-.]\d{3}[-.]\d{4})"
_EXTENSION = r"(?:\s*,?\s*\(?(?:доб(?:авочный)?|вн(?:утр)?|ext|x)\.?:?\s?\d{1,6}\)?)?"
_LINK = r"(?:<?(?:mailto:)?[^\s@<>]+@[^\s@<>]+\.[\w-]+>?|<?(?:https?://|www\.)\S+>?|(?:[\w-]+\.)+(?:ru|com|org|net|рф|su|io|example))"
_STREET = r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|suite|floor|square|sq)"

NAME = re.compile(rf"^{_TITLE}(?:\s+(?:{_TITLE}|(?:von|van|de|der|of|and|at|&)\b|[-–])){{0,6}}$")
_PIECES = (
    re.compile(
        rf"^(?:(?:{_DESCRIBES})\s+){{0,3}}(?:{_POST})"
        rf"(?:\s+(?:(?:{_DESCRIBES})|(?:{_PLACE})|по|с|и|{_POST}|(?-i:{_TITLE})|(?-i:{_FIRM}))){{0,8}}$",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^(?:(?:{_DESCRIBES})\s+){{0,3}}{_PLACE}(?:\s+(?:(?:{_DESCRIBES})|{_PLACE}|по|с|и)){{0,4}}$",
        re.IGNORECASE,
    ),
    re.compile(rf"^{_FIRM}$"),
    re.compile(
        rf"^(?:{_LABEL}[.:/\s]*){{0,3}}(?:{_PHONE}{_EXTENSION}|{_LINK})(?:\s*\([\w\s.-]{{1,20}}\))?$", re.IGNORECASE
    ),
    re.compile(rf"^{_LABEL}\s?[.:]+\s*(?:[\d()+][\d\s()+./‒–-]{{4,25}}{_EXTENSION}|@?[\w.+-]{{3,40}})$", re.IGNORECASE),
    re.compile(r"^\d{6}$"),  # a postal index
    re.compile(r"^г(?:\.|ород)\s?(?-i:[А-ЯЁ])[а-яё-]+(?:\s[А-ЯЁ][а-яё-]+)?$", re.IGNORECASE),
    re.compile(rf"^\d{{1,5}}\s+(?:{_TITLE}\s+){{1,4}}(?i:{_STREET})\.?$"),
    re.compile(r"^[A-Z]{2}\s+\d{5}(?:-\d{4})?$"),
    re.compile(r"^\[(?:cid|image|изображение|рисунок)[:\s][^\]]{0,200}\]$|^<?image\d{3}\.\w{3,4}>?$", re.IGNORECASE),
    re.compile(r"^[^\w<>«»]*$"),
)
_ADDRESS = re.compile(
    r"^(?:адрес(?:\s+офиса)?:\s*)?\d{6},?\s*(?:россия,?\s*)?(?:[а-яё\s-]{3,30}(?:обл|край)\.?\w*,?\s*)?"
    r"г(?:\.|ород)\s?[А-ЯЁ][^.!?:;]{2,30},(?:[^.!?:;]|\b(?:ул|пр|пер|пл|ш|наб|д|корп|стр|оф|к)\.){3,80}$",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"^\W{0,4}(?:(?:это|данное|настоящее)\s+(?:электронное\s+)?(?:сообщение|письмо)\b.{0,200}?"
    r"(?:конфиденциальн|антивирус|провер(?:ено|ялось)|предназначен)|"
    r"(?:уведомление|информация)\s+о\s+конфиденциальности|конфиденциальность:|без\s+вирусов\.|"
    r"confidential(?:ity)?\b.{0,40}(?:notice|:|$)|"
    r"this\s+(?:e-?mail|message|communication)\b.{0,200}?(?:confidential|intended|virus|privileged)|virus-free\b)",
    re.IGNORECASE,
)
_APART = re.compile(r"\s*(?:[,;|•·]|\s[/–—-]\s|\t|\s{3,})\s*")
# One word with a capital letter is a name or a request: «Верните», «Срочно», «Ждём», «Спасибо».
_ASKED = re.compile(
    r"(?:[иьй]те|[её]м|им|ую|аю|шу|жу|ть|л[аи]?|[рч]но|ибо|йте)(?:сь)?$|^(?:нет|да|верно|ждать|закрыть|the|please|"
    r"thanks|urgent|help|not|never|ok|yes|no|спасибо|повторно|снова|готово|исправлено)$",
    re.IGNORECASE,
)
_NAMES_LIKE_REQUESTS = re.compile(
    r"^(?:максим|ефим|вадим|рахим|ибрагим|артём|артем|павел|михаил|даниил|кирилл|самуил)$", re.IGNORECASE
)


@lru_cache(maxsize=512)  # the same lines are asked about from each dash above them
def is_card(bare: str) -> bool:
    """Tell whether a line is itself a line of a signature."""
    if DEVICE.match(bare) or is_notice(bare):
        return True
    if len(bare) > _LONGEST:
        return False
    sign_off = SIGN_OFF.match(bare)
    if sign_off:
        return is_card_after_farewell(sign_off.group(1))
    return bool(_ADDRESS.match(bare)) or _of_pieces(bare)


def is_card_after_farewell(rest: str) -> bool:
    """Tell whether what stands in the farewell's own line is a card, or nothing."""
    rest = rest.strip(" —–-/|")
    return not rest.strip(",.! ") or bool(SIGN_OFF.match(rest)) or _of_pieces(rest)


def is_notice(bare: str) -> bool:
    """Tell whether a line begins a notice of confidentiality or the advertisement of an antivirus."""
    return bool(_NOTICE.match(bare[:400]))


def tells_more_than_a_name(bare: str) -> bool:
    """Tell whether a line of a card holds a post, a firm or a way to reach its writer."""
    return bool(CONTACT.search(bare))


def _of_pieces(bare: str) -> bool:
    plain = bare.strip("*_| \t")
    whole = plain.rstrip(",;.")
    if any(piece.match(whole) for piece in _PIECES):
        return True
    return all(_is_piece(piece) for piece in _APART.split(plain.rstrip(",;")) if piece)


def _is_piece(piece: str) -> bool:
    piece = piece.strip("*_ ")
    bare = piece.rstrip(".") if len(piece) > 3 and not re.search(r"\s", piece) else piece
    return any(one.match(bare) for one in _PIECES) or _is_name(bare)


def _is_name(piece: str) -> bool:
    if not NAME.match(piece) or len(piece) > 60:
        return False
    words = piece.split()
    first, is_russian = words[0], bool(re.search("[а-яё]", piece, re.IGNORECASE))
    if is_russian and len(words) > 4:
        return False
    return bool(_NAMES_LIKE_REQUESTS.match(first)) or not _ASKED.search(first)
