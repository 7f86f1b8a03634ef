from django.db import models


class SignInAttempt(models.Model):
    """The log of sign-ins: who tried, from where, with what result. Never a password."""

    class Outcome(models.TextChoices):
        OK = "ok"
        WRONG = "wrong"
        THROTTLED = "throttled"
        INACTIVE = "inactive"
        SIGNED_OUT = "signed_out"
        PASSWORD_SET = "password_set"  # noqa: S105
        RESET_ASKED = "reset_asked"

    person = models.ForeignKey("accounts.Person", models.SET_NULL, null=True, related_name="sign_ins")
    login = models.CharField(max_length=150)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-at"])]

    def __str__(self) -> str:
        return f"{self.login}: {self.outcome}"
