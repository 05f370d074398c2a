"""`python -m role_engine`: the command line."""

from role_engine.hosts.cli import main

if __name__ == "__main__":
    main()
