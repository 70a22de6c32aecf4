"""Where things lie: the checkout, its virtual environment and the folder of everything that changes (`var/`).

Standard library only: used before the virtual environment exists.
"""

import os
from pathlib import Path

#: The checkout: the folder that holds the `tongban` launcher.
ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "src"
REQUIREMENTS = ROOT / "requirements.txt"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"


def var() -> Path:
    """Return the folder for data, logs and secrets: `TONGBAN_VAR`, else `var/` in the checkout."""
    return Path(os.environ.get("TONGBAN_VAR") or ROOT / "var").resolve()


def log_file(name: str) -> Path:
    """Return the path of the log called `name`; its folder is made when missing."""
    folder = var() / "log"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.log"
