from django.db import migrations, models

# Letters that failed before: when they were tried last, and the requests whose last word to the client they carried.
_SQL = """
UPDATE mail_outgoingletter SET failed_at = due_at WHERE state = 'failed';
UPDATE tickets_ticket t SET undelivered = true
  FROM mail_outgoingletter l
 WHERE l.ticket_id = t.id AND l.state = 'failed' AND l.kind IN ('answer', 'auto_answer') AND l.article_id IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM tickets_article a WHERE a.ticket_id = t.id AND a.id > l.article_id
                      AND a.visible_to_client AND a.sender <> 'client');
"""


class Migration(migrations.Migration):
    dependencies = [("mail", "0002_flood_count"), ("tickets", "0012_letters_that_did_not_arrive")]

    operations = [
        migrations.AddField(model_name="outgoingletter", name="failed_at", field=models.DateTimeField(null=True)),
        migrations.AddIndex(
            model_name="outgoingletter",
            index=models.Index(condition=models.Q(("last_error", ""), _negated=True), fields=["ticket"], name="letter_trouble"),
        ),
        migrations.RunSQL(_SQL, migrations.RunSQL.noop),
    ]
