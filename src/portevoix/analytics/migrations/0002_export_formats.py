from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('analytics', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='export',
            name='format',
            field=models.CharField(choices=[('csv', 'CSV'), ('json', 'JSON'), ('parquet', 'Parquet')], default='csv', max_length=8),
        ),
        migrations.AlterField(
            model_name='export',
            name='kind',
            field=models.CharField(choices=[('overview', 'Overview'), ('daily', 'Day by day'), ('stories', 'Stories'), ('my_shares', 'My shares')], max_length=12),
        ),
        migrations.RenameField(model_name='export', old_name='rows_done', new_name='steps_done'),
        migrations.RenameField(model_name='export', old_name='rows_total', new_name='steps_total'),
    ]
