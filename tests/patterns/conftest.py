"""Makes ``checking`` importable: tests are modules without a package here."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
