from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q


class Entry(models.Model):
    """What can be found of a request: one row an article (its text, file names and the request's subject), and one
    without an article for number, subject and the fields that its client filled in.

    Words weigh by where they stand: A subject, B name of a file, C number and fields, D text.
    """

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="+")
    article = models.OneToOneField("tickets.Article", models.CASCADE, null=True, related_name="+")
    company = models.BigIntegerField(default=0)  # the request's, which never changes; 0 for none
    visible = models.BooleanField()  # to the client; as the article is
    at = models.DateTimeField()
    bucket = models.IntegerField()  # the month, counted from year 0: the index is searched month by month
    title = models.CharField(max_length=400, blank=True)  # number and subject for parts of words; rows without article
    vector = SearchVectorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(article=None), name="entry_title_once"),
        ]
        indexes = [
            GinIndex(fields=["bucket", "company", "vector"], name="entry_found", gin_pending_list_limit=512),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], condition=~Q(title=""), name="entry_title"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.article_id or 'title'}"
