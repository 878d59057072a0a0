"""What to try: the library of scenarios and the code that reads, checks and compiles them."""

from scenarios.api import Scenario, Seeds, load
from scenarios.compile import compile_scenario
from scenarios.explain import explain
from scenarios.problems import Problem, ProblemsError

__all__ = ["Problem", "ProblemsError", "Scenario", "Seeds", "compile_scenario", "explain", "load"]
