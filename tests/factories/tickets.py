import factory
from factory.django import DjangoModelFactory

from helpdesk.core.richtext import from_plain
from helpdesk.tickets import actions
from helpdesk.tickets.models import Category, Grant, IntakeField, Queue, Right, Ticket
from tests.factories.people import actor_of


class QueueFactory(DjangoModelFactory):
    class Meta:
        model = Queue
        skip_postgeneration_save = True

    key = factory.Sequence(lambda n: f"queue-{n}")
    name_ru = name_en = factory.SelfAttribute("key")
    path = ""

    @factory.post_generation
    def placed(self, create, extracted, **kwargs):
        self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        self.save(update_fields=["path"])


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category

    key = factory.Sequence(lambda n: f"category-{n}")
    name_ru = name_en = factory.SelfAttribute("key")
    path = factory.Sequence(lambda n: f"/{n}/")


class IntakeFieldFactory(DjangoModelFactory):
    class Meta:
        model = IntakeField

    queue = factory.SubFactory(QueueFactory)
    key = factory.Sequence(lambda n: f"field-{n}")
    kind = "text"
    label_ru = label_en = factory.SelfAttribute("key")


def grant(role, queue, *rights):
    """Rights of a role in a queue (None: every queue); all of them where none is named."""
    for right in rights or (Right.FULL,):
        Grant.objects.create(role=role, queue=queue, right=right)


def open_request(by, queue, subject="Не сходится сальдо", text="Прошу проверить лицевой счёт.", **options):
    """A request, opened by the action; the row as it is stored."""
    article = actions.open_ticket(by=actor_of(by), queue_id=queue.pk, subject=subject, body=from_plain(text), **options)
    return Ticket.objects.select_related("queue", "state").get(pk=article.ticket_id)
