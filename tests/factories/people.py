import factory
from factory.django import DjangoModelFactory

from helpdesk.accounts.models import Company, Membership, Person, Role
from helpdesk.core import clock
from helpdesk.core.actor import Actor, Cause


class CompanyFactory(DjangoModelFactory):
    class Meta:
        model = Company

    name = factory.Sequence(lambda n: f"ООО «Дом {n}»")
    short_name = factory.Sequence(lambda n: f"Дом {n}")
    sort_key = factory.LazyAttribute(lambda row: row.short_name.lower())
    created_at = factory.LazyFunction(clock.now)


class RoleFactory(DjangoModelFactory):
    class Meta:
        model = Role

    code = factory.Sequence(lambda n: f"role-{n}")
    name_ru = name_en = factory.SelfAttribute("code")


class _Person(DjangoModelFactory):
    class Meta:
        model = Person
        abstract = True
        skip_postgeneration_save = True

    login = factory.Sequence(lambda n: f"person{n}")
    name = factory.Sequence(lambda n: f"Имя Фамилия {n}")
    sort_key = factory.LazyAttribute(lambda row: row.name.lower())
    password = "!"
    created_at = factory.LazyFunction(clock.now)


class AgentFactory(_Person):
    kind = "agent"

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        self.roles.add(*(extracted or ()))


class ContactFactory(_Person):
    kind = "contact"
    login = None


class ClientFactory(_Person):
    """`company`, with `sees` (own, company) and `writes`, makes a member of it."""

    kind = "client"

    @classmethod
    def _create(cls, model, *args, company=None, sees="own", writes=True, **kwargs):
        person = super()._create(model, *args, **kwargs)
        if company is not None:
            member(person, company, sees=sees, writes=writes)
        return person


def member(person, company, *, sees="own", writes=True):
    return Membership.objects.create(person=person, company=company, sees=sees, writes=writes, created_at=clock.now())


def actor_of(person, cause=Cause.WEB):
    """A fresh actor: what is known of the last one is forgotten."""
    return Actor(person.pk, cause)
