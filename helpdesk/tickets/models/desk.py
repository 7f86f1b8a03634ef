from django.db import models


class OwnQueue(models.Model):
    """A queue that a specialist has chosen as theirs: for the view of their queues and their first page."""

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+", db_index=False)
    queue = models.ForeignKey("tickets.Queue", models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "queue"], name="own_queue_once")]


class BulkAct(models.Model):
    """One act of a specialist upon many requests, as it was pressed: done by the worker, line by line."""

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)  # of the form: sent twice it is one act
    verb = models.CharField(max_length=20)
    values = models.JSONField(default=dict)  # what the verb needs beside the request
    back = models.CharField(max_length=1500, blank=True)  # the list that it was pressed in
    created_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)  # when it was taken back, as far as it could be

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="bulk_act_once")]


class BulkLine(models.Model):
    """A request of such an act, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        SAME = "same"  # it stood so already
        REFUSED = "refused"
        UNDONE = "undone"
        KEPT = "kept"  # could not be taken back

    act = models.ForeignKey(BulkAct, models.CASCADE, related_name="lines", db_index=False)
    position = models.IntegerField()
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    event = models.ForeignKey("tickets.TicketEvent", models.SET_NULL, null=True, related_name="+", db_index=False)
    why = models.CharField(max_length=500, blank=True)  # refused, or kept: in the person's language

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "position"], name="bulk_line_place")]


class SavedView(models.Model):
    """A list of requests under a name: its conditions and its order, as they stand in its address."""

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)  # what follows the «?» of the list
    # who else has it in the rail: every specialist, or those of a role; each sees of it what they may see
    is_shared = models.BooleanField(default=False)
    role = models.ForeignKey("accounts.Role", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="saved_view_once")]
        indexes = [models.Index(fields=["name"], condition=models.Q(is_shared=True), name="saved_view_shared")]
