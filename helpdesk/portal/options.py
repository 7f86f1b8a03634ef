"""Settings of the clients' side that live in the database."""

from helpdesk.core.options import Option

# when and where the service is reached: at the foot of every page, by language
FOOTER = Option(
    "portal.footer",
    {
        "ru": "Служба сопровождения: пн–пт, 08:00–18:00 по\N{NO-BREAK SPACE}Москве",
        "en": "Support service: Mon–Fri, 08:00–18:00 Moscow time",
    },
)
