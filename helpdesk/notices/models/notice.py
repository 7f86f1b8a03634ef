from django.db import models


class Notice(models.Model):
    """One line of a person's bell. `kind` is a code; the fronts make the sentence in the reader's language."""

    class Kind(models.TextChoices):
        NEW_TICKET = "new_ticket"  # a client's new request in one's queue
        CLIENT_ANSWER = "client_answer"
        DESK_ANSWER = "desk_answer"
        CLOSED = "closed"  # closed by itself
        SETTLED = "settled"  # a client said without a word that it is done or closed
        ASSIGNED = "assigned"  # given to this agent by somebody else
        OBSERVES = "observes"  # a colleague chose this person as an observer
        HANDED_OVER = "handed_over"  # the chief made this person the author
        MENTIONED = "mentioned"  # a colleague names this agent in an internal note
        HANDED_AWAY = "handed_away"  # the chief made somebody else the author, and this person still sees it
        CHANGED = "changed"  # the desk set the state or promised a time without a word: `changes` says what
        LETTER_FAILED = "letter_failed"  # a letter of this request could not be delivered

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="notices")
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="+")
    article = models.ForeignKey("tickets.Article", models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    changes = models.JSONField(default=dict, db_default={})  # field: what it became, codes and times
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    waiting: int  # how many of its request's lines are unread, where `queries.by_request` counted them

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "article", "kind"], condition=models.Q(article__isnull=False), name="notice_once"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-created_at", "-id"], name="notice_newest"),
            models.Index(fields=["person"], condition=models.Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["ticket"], name="notice_ticket"),
            models.Index(fields=["created_at"], name="notice_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ticket_id}"
