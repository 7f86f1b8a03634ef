from django.db import models


class Calendar(models.Model):
    """A week of working intervals with its special days; times are of its own zone."""

    name = models.CharField(max_length=100, unique=True)
    time_zone = models.CharField(max_length=64, default="Europe/Moscow")
    inactive_at = models.DateTimeField(null=True, blank=True)


class WorkingInterval(models.Model):
    """Working time on a weekday (Monday is 0); any number of intervals a day."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="intervals")
    weekday = models.SmallIntegerField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(starts_at__lt=models.F("ends_at")), name="interval_goes_forward"),
            models.CheckConstraint(condition=models.Q(weekday__range=(0, 6)), name="interval_weekday"),
        ]


class SpecialDay(models.Model):
    """A holiday, or a day that works as another weekday does (a moved day)."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="special_days")
    day = models.DateField()
    works_as = models.SmallIntegerField(null=True, blank=True)
    name = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="special_day_once")]
