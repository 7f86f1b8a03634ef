"""The states and priorities of the contract; kept where they exist already."""

from django.db import migrations

from helpdesk.tickets.masters import PRIORITIES, STATES


def fill(apps, schema_editor):
    State = apps.get_model("tickets", "State")
    Priority = apps.get_model("tickets", "Priority")
    for position, (code, type_, ru, en, client_ru, client_en, waits_for, closes_after, _) in enumerate(STATES):
        State.objects.get_or_create(
            code=code,
            defaults={
                "type": type_, "name_ru": ru, "name_en": en, "client_name_ru": client_ru, "client_name_en": client_en,
                "waits_for": waits_for, "closes_after": closes_after, "position": position,
            },
        )
    for code, *_, closes_to in STATES:
        if closes_to:
            State.objects.filter(code=code, closes_to=None).update(closes_to=closes_to)
    for rank, ru, en in PRIORITIES:
        Priority.objects.get_or_create(rank=rank, defaults={"name_ru": ru, "name_en": en})


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
