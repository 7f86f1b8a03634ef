from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mail", "0003_letters_that_did_not_arrive")]

    operations = [
        migrations.AlterField(
            model_name="outgoingletter", name="state",
            field=models.CharField(
                choices=[
                    ("due", "Due"), ("sending", "Sending"), ("sent", "Sent"), ("failed", "Failed"),
                    ("withheld", "Withheld"),
                ],
                default="due", max_length=10,
            ),
        ),
    ]  # fmt: skip
