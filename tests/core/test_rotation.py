"""Keys change while secrets are read and written: none is lost, and none stays under a key that was taken away."""

from pathlib import Path

import pytest

from engines.installation import installed

pytestmark = pytest.mark.django_db

ROWS, WRITES, ROTATIONS = 20, 300, 6
MAKE = f"""
from portevoix.core import clock
from portevoix.sharing.models import Registration
for number in range({ROWS}):
    row = Registration(network="mastodon", host=f"s{{number}}.example", made_at=clock.now())
    row.sealed = row.seal({{"count": 0}})
    row.save()
"""
# Adds one to each secret in turn, as a refresh does: reads it, closes another, writes that.
WRITE = f"""
from portevoix.sharing.models import Registration
for number in range({WRITES}):
    row = Registration.objects.get(host=f"s{{number % {ROWS}}}.example")
    Registration.objects.filter(pk=row.pk).update(sealed=row.seal({{"count": row.unsealed()["count"] + 1}}))
"""
ROTATE = f"""
from django.core.management import call_command
for number in range({ROTATIONS}):
    call_command("rotate_keys", verbosity=0)
"""
READ = """
from portevoix.core import sealing
from portevoix.sharing.models import Registration
print(sum(row.unsealed()["count"] for row in Registration.objects.all()))
print(len({row.sealed.split(".")[1] for row in Registration.objects.all()}), len(sealing.ring().keys))
"""


def test_no_secret_is_lost_while_keys_change_under_traffic(tmp_path: Path) -> None:
    with installed(tmp_path, "embedded") as place:
        place.run(MAKE)

        place.run_together([WRITE, ROTATE])

        place.manage("rotate_keys", "--forget")
        count, names = place.run(READ).strip().splitlines()
        assert int(count) == WRITES
        assert names == "1 2"
