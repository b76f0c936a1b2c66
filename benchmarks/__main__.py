"""Every measurement, one after the other."""

from benchmarks import mail, pages, probes, progress_list

progress_list.main()
pages.main([])
mail.main([])
probes.main([])
