"""What its client calls done is only to be closed: nobody owes an answer there."""

from django.db import migrations


def settle(apps, schema_editor):
    """The state where it is as the product brought it, and the requests in it."""
    State = apps.get_model("tickets", "State")
    Ticket = apps.get_model("tickets", "Ticket")
    if State.objects.filter(code="done", waits_for="desk").update(waits_for="nobody"):
        Ticket.objects.filter(phase="open", state_id="done", waits_for="desk").update(waits_for="nobody")


class Migration(migrations.Migration):
    dependencies = [("tickets", "0010_priorities_off")]
    operations = [migrations.RunPython(settle, migrations.RunPython.noop)]
