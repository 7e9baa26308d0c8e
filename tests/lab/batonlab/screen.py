"""What the demonstration prints: each line with the seconds since the start."""
import os
import sys
import time

GREEN, RED, BOLD, DIM, PLAIN = "\033[32m", "\033[31m", "\033[1m", "\033[2m", "\033[0m"


class Screen:
    """Prints, in colour where that is wanted and a terminal is there."""

    def __init__(self):
        self._start = time.time()
        terminal = sys.stdout.isatty() if "BATON_DEMO_INSIDE" not in os.environ else "BATON_COLOUR" in os.environ
        self._colour = terminal and "NO_COLOR" not in os.environ

    def _print(self, mark, colour, text):
        if self._colour and colour:
            text = colour + text + PLAIN
        print(f"{time.time() - self._start:6.2f} s  {mark}{text}", flush=True)

    def title(self, text):
        print(flush=True)
        self._print("", BOLD, text)

    def say(self, text):
        self._print("  ", "", text)

    def done(self, text):
        self._print("+ ", GREEN, text)

    def result(self, text):
        self._print("= ", BOLD, text)

    def failed(self, text):
        self._print("! did not happen: ", RED, text)

    def quote(self, title, text):
        """Something that a program printed."""
        self._print("  ", DIM, title)
        for line in text.rstrip().splitlines():
            print(f"{'':10}  | {line.strip() if title.startswith('ip addr') else line.rstrip()}", flush=True)
