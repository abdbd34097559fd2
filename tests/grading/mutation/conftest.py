"""The tools stand beside the packages and are not installed: they are found from the project's root."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
