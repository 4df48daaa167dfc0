"""An organisation says for how long its visitors are recognised; a month, as before, until it does."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="visitor_period",
            field=models.CharField(
                choices=[("day", "A day"), ("month", "A month"), ("quarter", "A quarter")],
                default="month",
                max_length=8,
            ),
        ),
    ]
