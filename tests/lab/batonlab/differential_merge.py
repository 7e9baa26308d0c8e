"""Cases that only look at the table, several in one configuration: starting a daemon takes longer than all it then does.

Case number i gets services of its own: 10.9.0.x becomes 10.9.i.x, fd09::x fd09:i::x, mark m m + 100 i, group G Gi.
"""
import re

from .differential_cases import CASES
from .differential_steps import Case
from .differential_text import HEAD

#: Cases in one configuration.
MOST, SEPARATOR = 12, "+"
#: Marks of a case lie below this.
MARKS = 100


def mergeable(case):
    return not case.steps and not case.servers and case.configuration.startswith(HEAD) and "_CHECK" not in case.configuration


def jobs(names):
    """The names, those that go together joined to one."""
    together = [name for name in names if mergeable(CASES[name])]
    alone = [name for name in names if name not in set(together)]
    return [SEPARATOR.join(together[at:at + MOST]) for at in range(0, len(together), MOST)] + alone


def names_of(job):
    return job.split(SEPARATOR)


def case_of(job):
    names = names_of(job)
    if len(names) == 1:
        return CASES[job]
    return Case(HEAD + "\n".join(_numbered(CASES[name].configuration[len(HEAD):], number)
                                 for number, name in enumerate(names, 1)))


def _numbered(text, number):
    text = text.replace("10.9.0.", f"10.9.{number}.").replace("fd09::", f"fd09:{number}::")
    text = re.sub(r"\bfwmark (\d+)", lambda found: f"fwmark {int(found[1]) + MARKS * number}", text)
    return re.sub(r"\b(group|virtual_server_group) (\w+)", rf"\1 \g<2>{number}", text)


def parts(job, facts):
    """{name: facts} of a job's facts: of each trace a case gets the lines with its own services."""
    names = names_of(job)
    if len(names) == 1:
        return {job: facts}
    found = {}
    for number, name in enumerate(names, 1):
        found[name] = {**facts, "name": name, "steps": [_part(noted, number) for noted in facts["steps"]]}
    return found


def _part(noted, number):
    traces = [{key: _own(lines, number) for key, lines in trace.items()} for trace in noted["traces"]]
    table = all(traces[0][key] == traces[1][key] for key in ("table", "ipvsadm"))
    told = all(traces[0][key] == traces[1][key] for key in ("scripts", "fifo"))
    return {**noted, "traces": traces, "same table": table, "same told": told}


def _own(lines, number):
    """The lines with services of case `number`, with their own names again."""
    mine = re.compile(rf"10\.9\.{number}\.|fd09:{number}::|\[[A-Z]+{number}\]:")
    found = []
    for line in lines:
        mark = re.search(r"(?:FWM|-f) (\d+)", line)
        if mine.search(line) or (mark and int(mark[1]) // MARKS == number):
            line = line.replace(f"10.9.{number}.", "10.9.0.").replace(f"fd09:{number}::", "fd09::")
            line = re.sub(r"(FWM|-f) (\d+)", lambda each: f"{each[1]} {int(each[2]) % MARKS}", line)
            found.append(re.sub(rf"\[([A-Z]+){number}\]:", r"[\1]:", line))
    return found
