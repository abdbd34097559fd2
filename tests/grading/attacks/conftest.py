"""Makes what other tests share importable here: the finder of active content, and the mangler."""

import sys
from pathlib import Path

GRADING = Path(__file__).resolve().parents[1]
for folder in (GRADING, GRADING / "checker"):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
