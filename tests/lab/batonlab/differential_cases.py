"""Every differential case: {name: Case}."""
from . import differential_checks, differential_health, differential_reloads, differential_tables

#: What the cases need besides uml.WANTED.
MODULES = ("dummy", "sctp", "fou", "ip_gre")
CASES = {**differential_tables.CASES, **differential_checks.CASES, **differential_health.CASES,
         **differential_reloads.CASES}
