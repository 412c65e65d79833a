"""`make bench`: each benchmark beside its peer or floor in the same run, as a table of ratios."""

from benchmarks import rate, recogniser, signing


def main() -> None:
    for bench in (signing, recogniser, rate):
        bench.main()


if __name__ == "__main__":
    main()
