"""What mail programs of many languages write around quotations: words and patterns, no decisions."""

import re

REPLY_MARKERS = {
    "ru": "— Напишите ответ выше этой строки —",
    "en": "— Write your reply above this line —",
}
"""The line our own letters carry above the quoted conversation, by language."""

_VERBS = (
    r"wrote|writes|writes\s*to\s*you|schrieb|a\s+écrit|a\s+ecrit|escribió|escreveu|ha\s+scritto|schreef|skrev|"
    r"het\s+volgende\s+geschreven|geschreven|napisał(?:a|\(a\))?|napsal(?:a|\(a\))?|kirjoitti|yazdı|"
    r"пишет|писал(?:а|и|\(а\)|\(a\))?|написал(?:а|и|\(а\)|\(a\))?|сообщил(?:а|\(а\))?|пише|писав|написав|"
    r"написала|написа|написаў|жазды|rakstīja|rašė|a\s+scris|írta"
)
_WEEKDAYS = (
    r"mon|tue|wed|thu|fri|sat|sun|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|"
    r"пн|вт|ср|чт|пт|сб|вс|понеділок|вівторок|середа|четвер|п.ятниця|субота|неділя|"
    r"mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|ma|ti|on|to|lø|sø|man|tir|ons|tor|fre|lör|sön"
)
_MONTH = (
    r"jan|feb|mar|apr|may|maj|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|янв|фев|мар|апр|мая|май|июн|июл|авг|сен|"
    r"окт|ноя|дек|"
    r"серп|верес|жовт|лист|груд|січ|лют|берез|квіт|трав|черв|лип"
)
HEAD_START = re.compile(
    rf"""^(?:
      (?:on|am|le|el|il|em|op|den|på|in\ data|w\ dniu|dnia|in\ a\ message|le|dne|на)\b\s
      [^\n]*?(?:\d|\b(?:{_WEEKDAYS})\b)
    | (?:{_WEEKDAYS})\w*[.,]?\s+[^\n]*?\d
    | \d{{1,4}}(?:[./-]\d{{1,2}}[./-]\d{{1,4}}|\.?\s+(?:de\s+)?(?:{_MONTH})\w*\.?)
    | -{{2,}}\s+on\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
PERSON_START = re.compile(
    rf"^[\"'«]?[^@<>\n\"]{{1,80}}[\"'»]?\s*<[^<>\s]{{1,200}}@[^<>\s]{{1,200}}>\s+(?:{_VERBS})\b", re.IGNORECASE
)
NAME_VERB = re.compile(rf"^[\"'«]?[^\W\d][^@<>\n:]{{1,60}}[\"'»]?\s+(?:{_VERBS})\s*:$", re.IGNORECASE)
WROTE_ON = re.compile(
    rf"^(?:[^\W\d][^@<>\n:]{{1,60}}\s+(?:{_VERBS})|вы\s+писали|вы\s+написали|"
    rf"you\s+wrote)\s"
    r"[^@<>\n]{0,40}\d{1,2}[:.]\d{2}[^@<>\n]{0,20}:$",
    re.IGNORECASE,
)
INITIALS = re.compile(r"[A-ZА-ЯЁ]{2,4}>+(?:\s|$)")
"""Marks of The Bat!: «ИП> текст»."""
ENDS_WITH_VERB = re.compile(rf"\b(?:{_VERBS})\)?\s*(?::|-{{2,}}:?)?$", re.IGNORECASE)
ENDS_WITH_ADDRESS = re.compile(r"<\s*[^<>\s]+@[^<>]+>\s*\)?\s*:$")
CONTAINS_VERB = re.compile(rf"\b(?:{_VERBS})\b", re.IGNORECASE)
ADDRESS = re.compile(r"[^\s<>@]{1,200}@[^\s<>@]{1,200}")
TIME = re.compile(r"(?<![\d.])\d{1,2}(?::\d{2}|\.\d{2}(?![.\d]))")
DATE_AND_TIME = re.compile(r"\d{1,4}\D{1,20}\d.*?\b\d{1,2}[:.]\d{2}\b")
PERSON_AFTER_TIME = re.compile(
    rf"\d{{1,2}}[:.]\d{{2}}(?::\d{{2}})?\s*(?:[+-]\d{{4}})?\s*(?:[ap]\.?m\.?)?\s*[,;]?\s*(?:от\s+|пользователь\s+)?"
    rf"[\"«]?[^\W\d_a-zа-яё][^@<>:]{{1,80}}?[\"»]?\s+(?:{_VERBS})\)?\s*:$"
)
BARE_DATE_AND_ADDRESS = re.compile(r"^\d{4}[/-]\d{1,2}[/-]\d{1,2}\s.{1,120}<[^<>\s]+@[^<>\s]+>:?$")

_ORIGINAL = (
    r"original\s+(?:message|appointment|mail|e-?mail)|reply\s+message|forwarded\s+(?:message|by\b.*|mail)|"
    r"исходное\s+(?:сообщение|письмо)|первоначальное\s+(?:сообщение|письмо)|оригинальное\s+(?:сообщение|письмо)|"
    r"оригинал\s+(?:сообщения|письма)|пересылаемое\s+(?:сообщение|письмо)|пересланное\s+(?:сообщение|письмо)|"
    r"перенаправленное\s+(?:сообщение|письмо)|переадресованное\s+(?:сообщение|письмо)|"
    r"начало\s+(?:пересылаемого|пересланного|переадресованного)\s+(?:сообщения|письма)|"
    r"вихідне\s+повідомлення|оригінальне\s+повідомлення|переслане\s+повідомлення|"
    r"urspr(?:ü|ue)ngliche\s+(?:nachricht|mail)|originalnachricht|weitergeleitete\s+nachricht|"
    r"message\s+d['’]origine|message\s+(?:d['’]origine|original|transféré|initial)|courriel\s+original|"
    r"mensaje\s+(?:original|reenviado)|messaggio\s+(?:originale|inoltrato|originario)|mensagem\s+(?:original|"
    r"encaminhada)|"
    r"oorspronkelijk\s+bericht|doorgestuurd\s+bericht|oprindelig\s+meddelelse|opprinnelig\s+melding|"
    r"original(?:t)?\s*meddelande|ursprungligt\s+meddelande|vidarebefordrat\s+meddelande|"
    r"wiadomość\s+oryginalna|oryginalna\s+wiadomość|wiadomość\s+przekazana|původní\s+zpráva|eredeti\s+üzenet"
)
SEPARATOR = re.compile(rf"^\W{{0,3}}[-–—_=]{{2,}}\s*(?:{_ORIGINAL})\s*[-–—_=]*\W{{0,3}}$", re.IGNORECASE)
BEGIN_FORWARDED = re.compile(
    r"^(?:begin forwarded message|начало (?:пересылаемого|переадресованного|пересланного) (?:сообщения|письма)|"
    r"anfang der weitergeleiteten nachricht|début du message (?:réexpédié|transféré))\s*:$",
    re.IGNORECASE,
)
END_FORWARDED = re.compile(
    r"^[-–—_=]{2,}\s*(?:конец (?:пересылаемого|пересланного|переадресованного|исходного) (?:сообщения|письма)|"
    r"end (?:of )?forwarded message|ende der weitergeleiteten nachricht)\s*[-–—_=]*$",
    re.IGNORECASE,
)

_LABELS = {
    "from": "from|от|от кого|отправитель|von|de|da|från|fra|od|van|від|від кого|lähettäjä|kimden|差出人|发件人",
    "sent": "sent|date|отправлено|отправленные|дата и время|дата|дата отправки|gesendet|datum|envoyé|envoyé le|"
    r"enviado|enviado el|"
    "enviada em|fecha|data|inviato|skickat|sendt|dato|wysłano|verzonden|надіслано|送信日時|发送时间",
    "to": "to|кому|получатель|an|à|para|a|till|til|do|aan|宛先|收件人",
    "cc": "cc|копия|kopie|kopia|копія|ccc|bcc|скрытая копия",
    "subject": "subject|тема|betreff|objet|asunto|oggetto|ämne|emne|temat|assunto|onderwerp|件名|主题",
    "other": "reply-to|importance|важность|priority|attachments|вложения|organization|организация",
}
LABELS = {label: kind for kind, labels in _LABELS.items() for label in labels.split("|")}
LABELLED = re.compile(r"^[\s>*_]{0,10}([^\W\d][\w\- ]{0,20}?)\s{0,3}[*_]{0,2}\s{0,3}[:：]\s{0,3}[*_]{0,2}(.*)$")

_DEVICES = (
    r"iphone|ipad|android|samsung|galaxy|xiaomi|redmi|huawei|honor|realme|телефона|смартфона|планшета|"
    r"(?:мобильного\s+)?устройства|"
    r"(?:мобильн\w+\s+)?(?:яндекс|почт|приложени|mail\.ru|outlook|gmail|the\s+bat)"
)
# Only names of things may follow: «Отправлено с телефона жильца из кв. 5» is a sentence.
_DEVICE_TAIL = r"(?:\w*(?:[\s.,]+(?:для|на|[A-Za-z0-9.+\-]+|почт\w+|яндекс\w*|приложени\w+|мобильн\w+))*+)"
DEVICE = re.compile(
    r"^(?:"
    r"Sent\s+(?:from|via|with|using)\s+(?:my\s+|the\s+)?(?:[A-Z]|i[A-Z])[^,.;!?\n]{0,60}|"
    r"Sent\s+from\s+my\s+(?:phone|mobile|tablet)[^,.;!?\n]{0,20}|"
    r"Get\s+Outlook\s+for\s+\w+.{0,80}|"
    rf"(?:Отправлено|Послано)\s+(?i:(?:с|из|через|от)\s+(?:моего\s+|моей\s+)?(?:{_DEVICES}){_DEVICE_TAIL})|"
    rf"Надіслано\s+(?i:(?:з|із)\s+(?:мого\s+)?(?:{_DEVICES}){_DEVICE_TAIL})|"
    r"(?:Von\s+meinem|Gesendet\s+(?:von|mit)(?:\s+meine[mr])?)\s+(?:[A-Z]|i[A-Z])[^,.;!?\n]{0,50}|"
    r"Envoyé\s+(?:de|depuis)\s+mon\s+[^,.;!?\n]{1,40}|Enviado\s+(?:desde|do)\s+(?:mi|meu)\s+[^,.;!?\n]{1,40}|"
    r"Inviato\s+da(?:l\s+mio)?\s+i\w{1,40}|Verzonden\s+vanaf\s+mijn\s+[^,.;!?\n]{1,40}|"
    r"ᐧ)\s*\.?\s*(?:<[^<>\s]{1,300}>)?\s*$"
)
SIGN_OFF = re.compile(
    r"^(?:с\s+(?:глубоким\s+|большим\s+|неизменным\s+)?уважением|с\s+наилучшими\s+пожеланиями|"
    r"с\s+пожеланиями\s+.{1,30}|всего\s+доброго|"
    r"з\s+повагою|(?:best|kind|warm)\s+(?:regards|wishes)|kind(?:est)?\s+regards|regards|sincerely(?:\s+yours)?|"
    r"mit\s+freundlichen\s+grüßen|viele\s+grüße|cordialement|bien\s+à\s+vous|"
    r"saludos(?:\s+cordiales)?)\s*[,.!]?\s*(.{0,60})$",
    re.IGNORECASE,
)
CONTACT = re.compile(
    r"[^\s@]+@[^\s@]+\.\w|https?://|www\.|(?:\+7|\b8)[\s(-]*\d{3}|\bтел|\bмоб\b|\bфакс|\btel\b|\bphone|\bmobile|"
    r"\bfax\b|"
    r"\b(?:ооо|оао|пао|зао|ао|ук|тсж|тсн|жск|муп|гбу|мкд)\b|\bgmbh\b|\bltd\b|\binc\b|"
    r"специалист|бухгалтер|директор|менеджер|инженер|начальник|экономист|оператор|администратор|паспортист|"
    r"расч[её]тчик|"
    r"\bmanager\b|\bengineer\b|\bdirector\b|\baccountant\b|\bcorp\b|\bllc\b|\bc[et]o\b",
    re.IGNORECASE,
)
LINK = re.compile(r"https?://\S+")
COMPARISON = re.compile(r"^>\s?\d(?!\d{0,3}[.)]\s)[^>]{0,60}$")
_THIRD = r"(?:ему|ей|им|жильц[уа]м?|абонент[уа]м?|клиент[уа]м?|собственник[уа]м?|заявител[юя]м?|him|her|them)"
_TELL = r"(?:отве[чт]\w{2,6}|ответ|сказать|сообщить|написать|передать|answer|reply|tell|say)"
ASKS_ABOUT = re.compile(
    rf"^[^?]{{0,100}}\b(?:{_THIRD}\b[^?]{{0,60}}\b{_TELL}|{_TELL}\b[^?]{{0,60}}\b{_THIRD})\b[^?]{{0,60}}\?\W{{0,3}}$",
    re.IGNORECASE,
)
"""A question about the person whose letter stands above; only who pasted that letter asks it."""
# A line that leads on to what its writer shows; a mail program's tells a date or an address.
LEADS_ON = re.compile(r"^[^\d@<>]{1,200}:$")
