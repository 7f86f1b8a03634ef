from django.db import models


class OutgoingLetter(models.Model):
    """A letter of ours, written with the act that caused it, sent by the worker. Its Message-ID never changes."""

    class Kind(models.TextChoices):
        ANSWER = "answer"
        AUTO_ANSWER = "auto_answer"
        # to the desk: a client wrote or settled, a request was given, a letter did not arrive; to an observer: that
        # they are one
        NOTICE = "notice"
        ACCOUNT = "account"  # passwords and invitations

    class State(models.TextChoices):
        DUE = "due"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        WITHHELD = "withheld"  # never sent: its reader may no longer see what it tells

    TO_CLIENTS = (Kind.ANSWER, Kind.AUTO_ANSWER)

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, null=True, related_name="+")
    article = models.ForeignKey("tickets.Article", models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey("accounts.Person", models.SET_NULL, null=True, related_name="+")
    address = models.CharField(max_length=320)
    name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    language = models.CharField(max_length=5)
    message_id = models.CharField(max_length=250, unique=True)
    from_name = models.CharField(max_length=200, blank=True)
    from_address = models.CharField(max_length=320)
    reply_to = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=400)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)  # {"in_reply_to", "references": [], "auto_submitted"}
    attachment_ids = models.JSONField(default=list)  # of the article's files; their contents are not copied
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=1000, blank=True)
    server_reply = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)  # when it was given up; stays while it is sent again, until it is sent

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "person", "kind"], name="letter_once_an_article"),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=models.Q(state="due"), name="letter_due"),
            models.Index(fields=["lease_until"], condition=models.Q(state="sending"), name="letter_leased"),
            models.Index(fields=["-created_at", "-id"], name="letter_newest"),
            models.Index(fields=["state", "-created_at", "-id"], name="letter_state_newest"),
            models.Index(fields=["ticket"], name="letter_ticket"),
            models.Index(fields=["ticket"], condition=~models.Q(last_error=""), name="letter_trouble"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.message_id}"
