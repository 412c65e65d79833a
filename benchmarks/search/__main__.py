from benchmarks.search.run import main

main()
