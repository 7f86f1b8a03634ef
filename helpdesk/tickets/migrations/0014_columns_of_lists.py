from django.db import migrations, models

OF_LISTS = ("queue", "priority", "owner", "responsible", "created_at", "due_at", "subject")


class Migration(migrations.Migration):
    dependencies = [("tickets", "0013_fields_that_depend_and_are_searched")]

    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["author", "phase", "waits_for", "state", "company"],
                include=("last_article_at", "id", *OF_LISTS),
                name="ticket_mine_columns",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["company", "phase", "waits_for", "state"],
                include=("last_article_at", "id", "author", *OF_LISTS),
                name="ticket_company_columns",
            ),
        ),
        migrations.RemoveIndex(model_name="ticket", name="ticket_mine_list"),
        migrations.RemoveIndex(model_name="ticket", name="ticket_company_list"),
    ]
