"""Every measurement, one after the other."""

from benchmarks import pages, probes, progress_list

progress_list.main()
pages.main([])
probes.main([])
