def measure(peers, rounds, quick):
    return []


measure_many = measure
