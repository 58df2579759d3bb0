"""`python -m bongsu` is the program too."""

from bongsu.main import run

if __name__ == "__main__":
    run()
