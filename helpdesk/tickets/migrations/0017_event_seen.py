from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0016_event_batch'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='ticketevent',
            index=models.Index(
                condition=models.Q(('verb__in', ('opened', 'owner_set')), ('field', 'state'), _connector='OR'),
                fields=['happened_at', 'ticket'],
                name='event_seen',
            ),
        ),
    ]
