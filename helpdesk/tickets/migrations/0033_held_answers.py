from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0032_ready_texts'),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='send_at',
            field=models.DateTimeField(db_index=True, null=True),
        ),
        migrations.AddField(
            model_name='draft',
            name='held',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='draft',
            name='stopped',
            field=models.JSONField(default=dict),
        ),
    ]
