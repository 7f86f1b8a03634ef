from functools import cached_property, lru_cache
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from helpdesk.accounts.models.role import Role


@lru_cache(maxsize=2048)
def _session_hash(password: str) -> str:
    """What Django signs a session with: made once for each password, since every page compares it."""
    return AbstractBaseUser.get_session_auth_hash(Person(password=password))


class People(BaseUserManager["Person"]):
    """Finds the people who may sign in."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(login__iexact=username)


class Person(AbstractBaseUser):
    """Anybody the desk knows: a client, an agent, or a contact, who only writes letters and has no sign-in."""

    class Kind(models.TextChoices):
        CLIENT = "client"
        AGENT = "agent"
        CONTACT = "contact"

    login = models.CharField(max_length=150, unique=True, null=True, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=200, db_index=True)
    job = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=5, default="ru")
    time_zone = models.CharField(max_length=64, default="Europe/Moscow")
    theme = models.CharField(max_length=10, default="system")
    letters = models.CharField(max_length=10, default="all")  # all | none: letters about answers
    desk_columns = models.CharField(max_length=300, blank=True, default="", db_default="")  # of an agent's lists
    inactive_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    links_from = models.DateTimeField(null=True, blank=True)  # links that set a password are dead if made before
    roles = models.ManyToManyField(Role, related_name="people", blank=True)

    objects = People()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("login"), name="login_once_in_any_case"),
            models.CheckConstraint(
                condition=~models.Q(kind="contact") | models.Q(login__isnull=True), name="contact_has_no_sign_in"
            ),
        ]
        indexes = [models.Index(fields=["kind", "sort_key"])]

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        return _session_hash(self.password)

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.inactive_at is None

    @property
    def is_agent(self) -> bool:
        return self.kind == self.Kind.AGENT

    @cached_property
    def capabilities(self) -> frozenset[str]:
        """What the active roles of an agent allow beyond queues. One statement the first time; nobody else has any."""
        if not self.is_agent or not self.is_active:
            return frozenset()
        held = self.roles.filter(inactive_at__isnull=True).values_list("capabilities", flat=True)
        return frozenset(name for names in held for name in names)

    @property
    def is_administrator(self) -> bool:
        return Role.Capability.ADMINISTER in self.capabilities

    @property
    def initials(self) -> str:
        """Two letters for a small round picture: the first two words of the name."""
        return "".join(word[0] for word in self.name.split()[:2]).upper()


class Address(models.Model):
    """A mail address of a person. One address may belong to several people (a shared mailbox)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="addresses")
    address = models.CharField(max_length=320)
    canonical = models.CharField(max_length=320, db_index=True)  # lower case: addresses are compared by it
    is_primary = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "canonical"], name="address_once_a_person"),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(is_primary=True), name="one_primary_address_a_person"
            ),
        ]

    def __str__(self) -> str:
        return self.address
