from django.db import models


class Page(models.Model):
    """A page of help that an administrator wrote: instead of the shipped one of this slug, or beside them.

    Bodies are Markdown. Without a row everybody reads what is shipped; an empty English title means Russian for all.
    """

    slug = models.SlugField(max_length=60, unique=True)
    title_ru = models.CharField(max_length=150)
    title_en = models.CharField(max_length=150, blank=True)
    body_ru = models.TextField()
    body_en = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(null=True)  # None: the place of the shipped one, else at the end
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    inactive_at = models.DateTimeField(null=True)  # taken out of the help, the shipped one as well

    def __str__(self) -> str:
        return self.slug
