"""`make bench`: each benchmark beside its peer or floor in the same run, as a table of ratios.

The last, of searches on a million photos, takes half an hour by itself and ends with status 1 if a goal is not met.
"""

from benchmarks import budgets, downloads, rate, recogniser, renditions, signing, sizing, uploads
from benchmarks.search import run as search


def main() -> None:
    for bench in (signing, recogniser, renditions, rate, sizing, downloads, uploads, budgets, search):
        bench.main()


if __name__ == "__main__":
    main()
