"""Every measurement, one after the other."""

from benchmarks import probes, progress_list

progress_list.main()
probes.main([])
