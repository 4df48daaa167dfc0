"""A share may be the company's own; those made before are people's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sharing", "0003_place_of_share"),
    ]

    operations = [
        migrations.AddField(
            model_name="share",
            name="is_company",
            field=models.BooleanField(default=False),
        ),
    ]
