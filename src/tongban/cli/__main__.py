"""`python -m tongban.cli`: the command inside the virtual environment."""

import os
import sys

from tongban.cli import registry
from tongban.cli.trouble import EXIT_INTERRUPTED, Trouble, from_os_error, tell


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code; known trouble becomes one sentence, never a traceback."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(registry.listing())
        return 0
    try:
        return registry.dispatch(arguments)
    except Trouble as trouble:
        return tell(trouble)
    except KeyboardInterrupt:
        print("\n已中断。", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader (`| head`) went away: silence, and keep the interpreter from complaining at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        trouble_met = from_os_error(error)
        if trouble_met is None:
            raise
        return tell(trouble_met)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
