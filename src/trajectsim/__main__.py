"""``python -m trajectsim`` is the console script."""

from trajectsim.cli import main

if __name__ == "__main__":
    main()
