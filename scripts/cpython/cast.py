"""cast: which workloads a cell runs, with how many tasks and which parameters, from the words of the command line.

The same words as gilbench's: "spin", "echo:1,spin:2"; "iterations=75000", of several roles "spin.iterations=75000".
"""

# Most tasks of one role, as in gilbench.
TASKS_MAX = 4096

_UNITS = (("KiB", 2**10), ("MiB", 2**20), ("GiB", 2**30), ("k", 10**3), ("M", 10**6), ("G", 10**9))


class Mistake(Exception):
    """The user's, in one sentence."""


class Role(object):
    def __init__(self, name, workload, tasks):
        self.name = name
        self.workload = workload  # its name
        self.tasks = tasks
        self.params = {}


def _number(text):
    for unit, factor in _UNITS:
        if text.endswith(unit):
            return float(text[: -len(unit)]) * factor
    return float(text)


def _value(name, text, standard):
    """Of the same kind as the standard value: a word, or a number."""
    if not isinstance(standard, (int, float)):
        if text not in standard.split("|"):
            raise Mistake("%s must be one of %s, not '%s'" % (name, standard, text))
        return text
    try:
        number = _number(text)
    except ValueError:
        raise Mistake("%s must be a number, not '%s'" % (name, text))
    if not 0 <= number <= 1e12:
        raise Mistake("%s must be from 0 to 1e12, not '%s'" % (name, text))
    return number


def _parse_role(word, workers, is_alone, known):
    name, colon, tasks = word.partition(":")
    if name not in known:
        raise Mistake("there is no workload '%s' for an interpreter; there are %s" % (name, ", ".join(sorted(known))))
    if not colon:
        return Role(name, name, workers if is_alone else 1)
    if not tasks.isdigit() or not 1 <= int(tasks) <= TASKS_MAX:
        raise Mistake("'%s': the number of tasks must be from 1 to %d" % (word, TASKS_MAX))
    return Role(name, name, int(tasks))


def _role_of(roles, assignment):
    """The role that it speaks of, and NAME=VALUE."""
    name, _, _ = assignment.partition("=")
    if "." in name:
        role_name, _, rest = assignment.partition(".")
        for role in roles:
            if role.name == role_name:
                return role, rest
        raise Mistake("'%s': there is no role '%s' in the cast" % (assignment, role_name))
    if len(roles) > 1:
        raise Mistake("'%s': a cast of several roles needs ROLE.NAME=VALUE" % assignment)
    return roles[0], assignment


def _assign(roles, assignment, known):
    role, rest = _role_of(roles, assignment)
    name, equals, text = rest.partition("=")
    standards = known[role.workload].params
    if not equals or name not in standards:
        offer = ", ".join(sorted(standards)) or "none"
        raise Mistake("'%s': %s has no parameter '%s'; it has %s" % (assignment, role.workload, name, offer))
    role.params[name] = _value(name, text, standards[name])


def _standard(value):
    return value if isinstance(value, (int, float)) else value.split("|")[0]


def parse(cast, assignments, workers, known):
    """The roles; `known` maps names to classes with `params`, name -> standard value or "word|word"."""
    words = [word for word in cast.split(",") if word]
    if not words:
        raise Mistake("no workload was named")
    roles = []
    for word in words:
        role = _parse_role(word, workers, len(words) == 1, known)
        same = sum(1 for other in roles if other.workload == role.workload)
        if same:
            role.name += str(same + 1)
        role.params = dict((name, _standard(value)) for name, value in known[role.workload].params.items())
        roles.append(role)
    for assignment in assignments:
        _assign(roles, assignment, known)
    return roles
