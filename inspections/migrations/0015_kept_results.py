"""Results keep of each stall the outcomes alone; what the checklist says is added when they are read."""

from django.db import migrations


def keep_outcomes(apps, schema_editor):
    inspections = apps.get_model("inspections", "Inspection").objects
    for pk in list(inspections.exclude(result=None).values_list("pk", flat=True)):
        row = inspections.only("result").get(pk=pk)
        stalls = row.result.get("stalls", [])
        if not any("criteria" in stall for stall in stalls):
            continue
        for stall in stalls:
            judged = stall.pop("criteria", [])
            stall["outcomes"] = {criterion["item"]: criterion["outcome"] for criterion in judged}
        row.save(update_fields=["result"])


class Migration(migrations.Migration):
    dependencies = [("inspections", "0014_sent_digests")]
    operations = [migrations.RunPython(keep_outcomes, migrations.RunPython.noop, elidable=True)]
