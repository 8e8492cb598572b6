"""The command line as a module: `python -m spatial`."""

from spatial.cli.main import main

if __name__ == "__main__":
    main(prog_name="spatial")
