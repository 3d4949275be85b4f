from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("data", "0010_weight_details")]

    operations = [
        migrations.AddField(
            model_name=model,
            name="name_en",
            field=models.CharField(blank=True, default="", max_length=150),
        )
        for model in ("trainingcondition", "investmentproject")
    ]
