"""keepalived and Baton in either place of a pair over a table of VRRP cases: after every step the trace must be the same as
with two keepalived.

  python3 -m batonlab.vrrp_differential [--kinds A,B]... [--logs] [--all] [--strict] [CASE...]
  plays cases (regular expressions), prints what differs
"""
import argparse
import difflib
import re
import sys
import time

from . import vrrp_cases, vrrp_play
from .director import available, command_for
from .jobs import REFERENCE
from .vrrp_expected import SET_ASIDE, SET_ASIDE_YET

PAIRINGS = (("baton", "keepalived"), ("keepalived", "baton"), ("baton", "baton"))
#: Two keepalived once more, to be compared with two keepalived.
AGAIN = (*REFERENCE, "again")


def trouble(reference):
    """Why a case tells nothing: two keepalived themselves did not do what it is about; '' if they did."""
    missed = [f"step {noted['step']!r}: {noted['problem']}" for noted in reference["steps"] if noted["problem"]]
    return "\n".join(["with two keepalived", *missed, reference.get("broken", "")]) if missed or "broken" in reference else ""


def compare(reference, candidate):
    """[(step, what differs as text)] of a case."""
    found = [("the case tells nothing", trouble(reference))] if trouble(reference) else []
    if "broken" in candidate:
        found.append(("the case broke off", candidate["broken"]))
    for one, other in zip(reference["steps"], candidate["steps"]):
        text = _diff(one, other, candidate["kinds"])
        if text:
            found.append((one["step"], text))
    return found


def _diff(one, other, kinds):
    texts = [f"held otherwise: {other['problem']}"] if other["problem"] and not one["problem"] else []
    traces = one["trace"], other["trace"]
    for part in dict.fromkeys([*traces[0], *traces[1]]):
        if _is_set_aside(part, kinds):
            continue
        lines, others = (trace.get(part, []) for trace in traces)
        if lines != others:
            shown = difflib.unified_diff(lines, others, lineterm="", n=0)
            texts.append("\n".join([f"  {part}:"] + [f"    {line}" for line in shown if line[:3] not in ("---", "+++")
                                                     and not line.startswith("@@")]))
    return "\n".join(texts)


def _is_set_aside(part, kinds):
    name, _, what = part.partition(" ")
    return what in {**SET_ASIDE, **SET_ASIDE_YET} and dict(zip("ab", kinds)).get(name) == "baton"


def play(names, pairings=PAIRINGS):
    """{(case, pairing): differences}, and the facts of all that was played."""
    facts = vrrp_play.play_all([(name, kinds) for name in names for kinds in dict.fromkeys([REFERENCE, *pairings])])
    return {(name, kinds): compare(facts[name, REFERENCE], facts[name, kinds])
            for name in names for kinds in pairings}, facts


def play_again(names, pairings, known):
    """play(), and once more what differs and is not `known` to: a daemon that waits for the processor for a second is taken
    for dead."""
    found, facts = play(names, pairings)
    again = [name for name in names if name not in known and any(found[name, kinds] for kinds in pairings)]
    if again:
        found_again, facts_again = play(again, pairings)
        found.update(found_again)
        facts.update(facts_again)
    return found, facts


def differs(reference, candidate, part):
    """Whether a part of the trace of either director differs, which compare() may set aside."""
    return any(one["trace"].get(f"{name} {part}") != other["trace"].get(f"{name} {part}")
               for one, other in zip(reference["steps"], candidate["steps"]) for name in "ab")


def as_text(differences, every=False):
    """The first step that differs, or all of them."""
    return "\n".join(f"step {step!r}:\n{text}" for step, text in (differences if every else differences[:1]))


def _story(steps):
    """The traces of a case, of each step what is not as it was."""
    lines, last = [], {}
    for noted in steps:
        lines.append(f"{noted['step']}: {noted['seconds']} s {noted['problem']}")
        for part, now in noted["trace"].items():
            before = last.get(part, [])
            lines += [f"  - {part}: {line}" for line in before if line not in now]
            lines += [f"  + {part}: {line}" for line in now if line not in before]
        last = noted["trace"]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", action="append", help="a pairing; 'keepalived,keepalived' plays the oracle once more")
    parser.add_argument("--logs", action="store_true", help="show the logs of what differs")
    parser.add_argument("--all", action="store_true", help="show all steps that differ, not the first alone")
    parser.add_argument("--times", action="store_true", help="show how long each step took")
    parser.add_argument("--trace", action="store_true", help="show the traces of two keepalived")
    parser.add_argument("--aside", action="append", default=[], metavar="PART",
                        help="a part that is not compared, such as announced, fifo, sysctls")
    parser.add_argument("--strict", action="store_true", help="compare what is set aside as long as it is missing, too")
    parser.add_argument("pattern", nargs="*", help="regular expressions of cases")
    options = parser.parse_args()
    names = [name for name in vrrp_cases.CASES
             if not options.pattern or any(re.fullmatch(pattern, name) for pattern in options.pattern)]
    pairings = [tuple(kinds.split(",")) for kinds in options.kinds or []] or PAIRINGS
    pairings = [AGAIN if kinds == REFERENCE else kinds for kinds in pairings]
    for kind in {kind for kinds in pairings for kind in kinds[:2]}:
        if not available(kind):
            parser.error(f"there is no {command_for(kind).split()[0]}: BATOND says where Baton is")
    began = time.monotonic()
    if options.strict:
        SET_ASIDE_YET.clear()
    SET_ASIDE.update(dict.fromkeys(options.aside, "as it was asked"))
    found, facts = play(names, pairings)
    for name in names:
        _report(name, pairings, found, facts, options)
    differing = sum(bool(differences) for differences in found.values())
    print(f"{len(names)} cases, {len(found)} comparisons, {differing} differ, {time.monotonic() - began:.0f} s")
    return 1 if differing else 0


def _report(name, pairings, found, facts, options):
    if options.trace:
        print(f"--- {name}\n{_story(facts[name, REFERENCE]['steps'])}")
    for kinds in pairings:
        if options.times:
            print(name, kinds, round(facts[name, kinds]["seconds"]),
                  [(noted["step"], noted["seconds"]) for noted in facts[name, kinds]["steps"]])
        if found[name, kinds]:
            print(f"=== {name}: {'-'.join(kinds)}\n{as_text(found[name, kinds], options.all)}")
            if options.logs:
                print("\n".join(f"--- log of {side}\n{log}" for side, log in facts[name, kinds]["logs"].items()))


if __name__ == "__main__":
    sys.exit(main())
