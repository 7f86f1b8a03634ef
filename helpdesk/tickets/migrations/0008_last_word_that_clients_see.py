from django.db import migrations

# Notes moved the moment and the name of a request's last word, which clients read.
_SQL = """
UPDATE tickets_ticket t SET last_article_at = a.created_at, last_article_by_id = a.author_id
  FROM (SELECT DISTINCT ON (ticket_id) ticket_id, created_at, author_id FROM tickets_article
         WHERE visible_to_client AND sender <> 'system' ORDER BY ticket_id, seq DESC) a
 WHERE a.ticket_id = t.id AND (t.last_article_at, t.last_article_by_id) IS DISTINCT FROM (a.created_at, a.author_id)
   AND EXISTS (SELECT 1 FROM tickets_article n WHERE n.ticket_id = t.id AND NOT n.visible_to_client)
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0007_order_by_change")]

    operations = [migrations.RunSQL(_SQL, migrations.RunSQL.noop)]
