/* The clock that a process sees, moved by CLOCK_MOVED seconds: loaded before its libraries.
   Stretches of time are left alone; waits for an instant of the moved clock end when it is there. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* No monotonic clock of a machine is so old, and no day so early. */
#define A_DAY_NOT_A_STRETCH 1000000000

static long moved(void) {
    static long seconds, known;
    if (!known) {
        const char *text = getenv("CLOCK_MOVED");
        seconds = text ? atol(text) : 0;
        known = 1;
    }
    return seconds;
}

static int real(clockid_t clock, struct timespec *at) {
    return (int)syscall(SYS_clock_gettime, clock, at);
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    int status = real(clock, at);
    if (!status && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        at->tv_sec += moved();
    return status;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    struct timespec found;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &found);
    at->tv_sec = found.tv_sec;
    at->tv_usec = found.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at) {
    struct timespec found;
    clock_gettime(CLOCK_REALTIME_COARSE, &found);
    if (at) *at = found.tv_sec;
    return found.tv_sec;
}

static struct timespec then(const struct timespec *at) {
    struct timespec found = *at;
    if (found.tv_sec > A_DAY_NOT_A_STRETCH) found.tv_sec -= moved();
    return found;
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict at) {
    static int (*next)(sem_t *, const struct timespec *);
    if (!next) *(void **)&next = dlsym(RTLD_NEXT, "sem_timedwait");
    struct timespec found = then(at);
    return next(semaphore, &found);
}

int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict at) {
    static int (*next)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    /* The oldest version, which dlsym would find, waits in another way. */
    if (!next) *(void **)&next = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    if (!next) *(void **)&next = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    struct timespec found = then(at);
    return next(condition, mutex, &found);
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *at, struct timespec *left) {
    struct timespec found = clock == CLOCK_REALTIME && (flags & TIMER_ABSTIME) ? then(at) : *at;
    long status = syscall(SYS_clock_nanosleep, clock, flags, &found, left);
    return status ? errno : 0;
}
