from django.db import models


class Banner(models.Model):
    """A notice of the support service above the clients' pages, from one moment to another."""

    class Kind(models.TextChoices):
        INFO = "info"
        WARN = "warn"

    class Audience(models.TextChoices):
        CLIENTS = "clients"  # all of them

    key = models.CharField(max_length=64, unique=True)  # of the form that made it: pressed twice, it is one
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.INFO)
    audience = models.CharField(max_length=20, choices=Audience.choices, default=Audience.CLIENTS)
    title_ru = models.CharField(max_length=150)
    title_en = models.CharField(max_length=150, blank=True)  # without it, the Russian one
    text_ru = models.TextField(blank=True)  # plain, addresses become links
    text_en = models.TextField(blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["-ends_at", "-id"], name="banner_ends")]

    def __str__(self) -> str:
        return self.title_ru


class BannerChange(models.Model):
    """Who did what to a banner: `created`, `changed` or `ended`; of each column that differs, the old and new value."""

    banner = models.ForeignKey(Banner, models.CASCADE, related_name="changes")
    person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")  # None: the desk itself
    verb = models.CharField(max_length=10)
    values = models.JSONField(default=dict)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.verb} {self.banner_id}"


class BannerDismissal(models.Model):
    """A person has read a banner and closed it."""

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+")
    banner = models.ForeignKey(Banner, models.CASCADE, related_name="dismissals")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "banner"], name="banner_dismissed_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.banner_id}"


class BannerVersion(models.Model):
    """One row, written anew by a trigger with every change of a banner: what processes keep, they keep under it."""

    id = models.SmallIntegerField(primary_key=True)
    value = models.UUIDField()

    def __str__(self) -> str:
        return str(self.value)
