"""Every measurement, one after the other."""

from benchmarks import progress_list

progress_list.main()
