"""First half of the `tongban` command, run by whatever Python the machine has: makes the virtual environment, then
hands over to the second half inside it.

Standard library only.
"""

import os
import sys
from typing import NoReturn

from tongban.cli import registry, virtualenv
from tongban.cli.places import SOURCE, VENV_PYTHON, var
from tongban.cli.trouble import EXIT_INTERRUPTED, Trouble, from_os_error, tell


def prepare(arguments: list[str]) -> int | None:
    """Answer what needs no environment, else make the environment.

    Returns:
        The exit code when there is nothing more to do, None when the command should be handed over.
    """
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(registry.listing())
        return 0
    try:
        registry.find(arguments[0])
        virtualenv.ensure()
    except Trouble as trouble:
        return tell(trouble)
    except KeyboardInterrupt:
        print("\n已中断；再次运行会接着准备。", file=sys.stderr)
        return EXIT_INTERRUPTED
    except OSError as error:
        trouble_met = from_os_error(error)
        if trouble_met is None:
            raise
        return tell(trouble_met)
    return None


def main() -> NoReturn:
    """Prepare, then become the command itself (same process, so that signals reach it)."""
    arguments = sys.argv[1:]
    code = prepare(arguments)
    if code is not None:
        sys.exit(code)
    sys.stdout.flush()
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1", "TONGBAN_VAR": str(var())}
    if environment.pop("PYTHONDONTWRITEBYTECODE", ""):
        # Compiling everything anew costs seconds at each start: keep bytecode, but out of the source tree as asked.
        environment.setdefault("PYTHONPYCACHEPREFIX", str(var() / "bytecode"))
    os.execve(  # noqa: S606 - our own interpreter, no shell wanted
        VENV_PYTHON, [str(VENV_PYTHON), "-m", "tongban.cli", *arguments], environment
    )


if __name__ == "__main__":
    main()
