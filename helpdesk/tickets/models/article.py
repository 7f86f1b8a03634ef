from django.db import models

from helpdesk.tickets.models.ticket import Channel


class Article(models.Model):
    """One utterance of a request: a letter, a web answer, a note, an automatic answer. Written once."""

    class Sender(models.TextChoices):
        CLIENT = "client"
        AGENT = "agent"
        SYSTEM = "system"

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="articles")
    seq = models.IntegerField()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    sender = models.CharField(max_length=10, choices=Sender.choices)
    author = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="articles")
    visible_to_client = models.BooleanField()
    from_address = models.CharField(max_length=500, blank=True)
    to_addresses = models.JSONField(default=list)  # [{"name", "address"}]
    cc_addresses = models.JSONField(default=list)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    folded_text = models.TextField(blank=True)  # quotation and signature of a letter, shown on demand
    html = models.TextField(blank=True)  # cleaned; empty: the text is all there is
    message_id = models.CharField(max_length=998, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "seq"], name="article_seq_once")]

    @property
    def is_note(self) -> bool:
        return not self.visible_to_client


class Attachment(models.Model):
    """A file of an article: what it is called and who may see it; the content is a blob."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="attachments")
    blob = models.ForeignKey("core.Blob", models.PROTECT, related_name="+")
    position = models.SmallIntegerField()
    filename = models.CharField(max_length=200)
    content_type = models.CharField(max_length=200)
    size = models.BigIntegerField()
    inline = models.BooleanField(default=False)
    content_id = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "position"], name="attachment_position_once")]
