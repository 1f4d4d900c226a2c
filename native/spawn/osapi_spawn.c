/*
 * Starts a program in a control group, so that it holds nothing but its three streams and dies with its parent.
 *
 * It stands alone: no libc, only system calls. So the same object is linked into the executable and made into a library
 * for the JIT, on any libc, and nothing in the child can touch a lock or a buffer of the parent, whose memory it shares
 * until it executes its program (vfork(2)).
 */

#if !defined(__linux__) || !(defined(__x86_64__) || defined(__aarch64__))
#error "Linux on x86-64 or AArch64"
#endif

#ifdef SOURCE_DIGEST
/* In the libraries only: tells which source one was made of, so that a test finds one that was forgotten. */
__attribute__((used)) static const char source_digest[] = "osapi_spawn.c sha256:" SOURCE_DIGEST;
#endif

typedef unsigned long word;
typedef unsigned long long u64;

/* The managed side has the same structure: Osapi.Agent/Hosts/Processes/NativeSpawn.cs. */
struct osapi_spawn {
    const char *file;       /* what to execute */
    char *const *arguments;
    char *const *environment;
    const char *directory;  /* where it runs; null for the parent's */
    int streams[3];         /* what becomes 0, 1 and 2; -1 for /dev/null */
    int group;              /* the directory of its control group; -1 for none */
    volatile int pid;       /* out: the process, as soon as there is one */
    int joined;             /* out: 1 when it was in the group before it executed anything */
    int step;               /* out: what failed, one of the steps below */
};

enum { STEP_NONE, STEP_PROCESS, STEP_STREAMS, STEP_DIRECTORY, STEP_PROGRAM };

#if defined(__x86_64__)
enum {
    SYS_close = 3, SYS_rt_sigaction = 13, SYS_rt_sigprocmask = 14, SYS_getpid = 39, SYS_clone = 56, SYS_execve = 59, SYS_wait4 = 61,
    SYS_fcntl = 72, SYS_chdir = 80, SYS_getppid = 110, SYS_setsid = 112, SYS_prctl = 157, SYS_getdents64 = 217, SYS_exit_group = 231,
    SYS_openat = 257, SYS_dup3 = 292, SYS_clone3 = 435, SYS_close_range = 436, SYS_write = 1,
};
#else
enum {
    SYS_dup3 = 24, SYS_fcntl = 25, SYS_chdir = 49, SYS_openat = 56, SYS_close = 57, SYS_getdents64 = 61, SYS_write = 64, SYS_exit_group = 94,
    SYS_rt_sigaction = 134, SYS_rt_sigprocmask = 135, SYS_setsid = 157, SYS_prctl = 167, SYS_getpid = 172, SYS_getppid = 173,
    SYS_clone = 220, SYS_execve = 221, SYS_wait4 = 260, SYS_clone3 = 435, SYS_close_range = 436,
};
#endif

/* The same numbers on both machines. */
enum {
    EINTR = 4,
    SIGKILL = 9, SIGTERM = 15, SIGCHLD = 17, SIGNALS = 64, SIG_SETMASK = 2,
    O_RDWR = 02, O_WRONLY = 01, O_CLOEXEC = 02000000, F_DUPFD_CLOEXEC = 1030, AT_FDCWD = -100,
    PR_SET_PDEATHSIG = 1,
    CLONE_VM = 0x100, CLONE_VFORK = 0x4000, CLONE_PARENT_SETTID = 0x100000,
};
#if defined(__x86_64__)
enum { O_DIRECTORY = 0200000 };
#else
enum { O_DIRECTORY = 040000 };
#endif
#define CLONE_INTO_CGROUP 0x200000000ULL

struct clone3_arguments {
    u64 flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

struct kernel_sigaction {
    void *handler;
    word flags;
    void *restorer;
    u64 mask;
};

struct child {
    struct osapi_spawn *spawn;
    word parent;
    int error;
    _Alignas(16) char stack[16 * 1024];
};

#if defined(__x86_64__)
static inline long call(long number, word a, word b, word c, word d, word e)
{
    long result;
    register word r10 __asm__("r10") = d;
    register word r8 __asm__("r8") = e;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8) : "rcx", "r11", "memory");
    return result;
}

/* A system call that returns twice, in the child on a stack of its own: it never sees a frame of the parent. */
static inline long call_into(long number, word a, word b, word c, word d, word e, void (*entry)(void *), void *argument)
{
    long result;
    register word r10 __asm__("r10") = d;
    register word r8 __asm__("r8") = e;
    register void *r12 __asm__("r12") = argument;
    register void (*r13)(void *) __asm__("r13") = entry;
    __asm__ volatile(
        "syscall\n\t"
        "test %%rax, %%rax\n\t"
        "jnz 1f\n\t"
        "xor %%ebp, %%ebp\n\t"
        "mov %%r12, %%rdi\n\t"
        "call *%%r13\n\t"
        "hlt\n"
        "1:"
        : "=a"(result)
        : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r12), "r"(r13)
        : "rcx", "r11", "memory", "cc");
    return result;
}
#else
static inline long call(long number, word a, word b, word c, word d, word e)
{
    register word x8 __asm__("x8") = (word)number;
    register word x0 __asm__("x0") = a;
    register word x1 __asm__("x1") = b;
    register word x2 __asm__("x2") = c;
    register word x3 __asm__("x3") = d;
    register word x4 __asm__("x4") = e;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
    return (long)x0;
}

/* A system call that returns twice, in the child on a stack of its own: it never sees a frame of the parent. */
static inline long call_into(long number, word a, word b, word c, word d, word e, void (*entry)(void *), void *argument)
{
    register word x8 __asm__("x8") = (word)number;
    register word x0 __asm__("x0") = a;
    register word x1 __asm__("x1") = b;
    register word x2 __asm__("x2") = c;
    register word x3 __asm__("x3") = d;
    register word x4 __asm__("x4") = e;
    register void *x20 __asm__("x20") = argument;
    register void (*x21)(void *) __asm__("x21") = entry;
    __asm__ volatile(
        "svc #0\n\t"
        "cbnz x0, 1f\n\t"
        "mov x29, #0\n\t"
        "mov x30, #0\n\t"
        "mov x0, x20\n\t"
        "blr x21\n\t"
        "brk #0\n"
        "1:"
        : "+r"(x0)
        : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x20), "r"(x21)
        : "memory", "cc");
    return (long)x0;
}
#endif

static long call0(long number) { return call(number, 0, 0, 0, 0, 0); }
static long call1(long number, word a) { return call(number, a, 0, 0, 0, 0); }
static long call2(long number, word a, word b) { return call(number, a, b, 0, 0, 0); }
static long call3(long number, word a, word b, word c) { return call(number, a, b, c, 0, 0); }

static long open_at(long directory, const char *path, long flags) { return call(SYS_openat, (word)directory, (word)path, (word)flags, 0, 0); }

static void leave(struct child *child, int step, long error)
{
    child->spawn->step = step;
    child->error = (int)-error;
    call1(SYS_exit_group, 127);
}

/* What the parent was started with may have no close-on-exec; and a child that waits for a file system holds nothing of the parent's meanwhile. */
static void close_rest(void)
{
    if (call3(SYS_close_range, 3, ~0U, 0) == 0)
        return;
    /* A kernel before 5.9. Where there is no /proc either, close-on-exec has to do. */
    long list = open_at(AT_FDCWD, "/proc/self/fd", O_DIRECTORY | O_CLOEXEC);
    if (list < 0)
        return;
    for (;;) {
        _Alignas(8) char buffer[2048];
        long size = call3(SYS_getdents64, (word)list, (word)buffer, sizeof buffer);
        if (size <= 0)
            break;
        /* struct linux_dirent64: inode and offset of 8 bytes each, the length of the entry in 2, the type in 1, the name. */
        for (long at = 0; at < size; at += *(unsigned short *)(buffer + at + 16)) {
            const char *name = buffer + at + 19;
            long descriptor = 0;
            for (; *name >= '0' && *name <= '9'; name++)
                descriptor = descriptor * 10 + (*name - '0');
            if (*name == 0 && descriptor > 2 && descriptor != list)
                call1(SYS_close, (word)descriptor);
        }
    }
    call1(SYS_close, (word)list);
}

/* Puts a stream in its place. The sources are above 2, so that none of them is one of the places. */
static long place(int source, int target)
{
    if (source >= 0)
        return call3(SYS_dup3, (word)source, (word)target, 0);
    long opened = open_at(AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC);
    if (opened < 0)
        return opened;
    /* It may have got that very number, which then must not be closed by exec. */
    if (opened == target)
        return call3(SYS_fcntl, (word)opened, 2 /* F_SETFD */, 0);
    long result = call3(SYS_dup3, (word)opened, (word)target, 0);
    call1(SYS_close, (word)opened);
    return result;
}

static void run(void *argument)
{
    struct child *child = argument;
    struct osapi_spawn *spawn = child->spawn;
    long result;

    /* Nothing can interrupt what waits, as all signals are blocked: so it is the one that cannot be. */
    call2(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
    if ((word)call0(SYS_getppid) != child->parent)
        call1(SYS_exit_group, 127);

    if (spawn->group >= 0 && !spawn->joined) {
        long door = open_at(spawn->group, "cgroup.procs", O_WRONLY | O_CLOEXEC);
        spawn->joined = door >= 0 && call3(SYS_write, (word)door, (word)"0", 1) == 1;
    }

    for (int target = 0; target < 3; target++)
        if ((result = place(spawn->streams[target], target)) < 0)
            leave(child, STEP_STREAMS, result);
    close_rest();
    call0(SYS_setsid);

    struct kernel_sigaction fresh = { 0, 0, 0, 0 };
    for (word signal = 1; signal <= SIGNALS; signal++)
        call(SYS_rt_sigaction, signal, (word)&fresh, 0, sizeof fresh.mask, 0);

    if (spawn->directory && (result = call1(SYS_chdir, (word)spawn->directory)) < 0)
        leave(child, STEP_DIRECTORY, result);

    /* The program itself is asked to end, as it is when the next agent finds it. */
    call2(SYS_prctl, PR_SET_PDEATHSIG, SIGTERM);
    if ((word)call0(SYS_getppid) != child->parent)
        call1(SYS_exit_group, 127);
    u64 none = 0;
    call(SYS_rt_sigprocmask, SIG_SETMASK, (word)&none, 0, sizeof none, 0);
    result = call3(SYS_execve, (word)spawn->file, (word)spawn->arguments, (word)spawn->environment);
    leave(child, STEP_PROGRAM, result);
}

static long start(struct child *child)
{
    struct osapi_spawn *spawn = child->spawn;
    if (spawn->group >= 0) {
        struct clone3_arguments arguments = {
            .flags = CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | CLONE_INTO_CGROUP,
            .parent_tid = (word)&spawn->pid,
            .exit_signal = SIGCHLD,
            .stack = (word)child->stack,
            .stack_size = sizeof child->stack,
            .cgroup = (u64)spawn->group,
        };
        spawn->joined = 1;
        long pid = call_into(SYS_clone3, (word)&arguments, sizeof arguments, 0, 0, 0, run, child);
        if (pid > 0)
            return pid;
        /* An old kernel, a filter of system calls, a group that was removed: the child tries to join by itself. */
        spawn->joined = 0;
    }
    return call_into(SYS_clone, CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | SIGCHLD, (word)(child->stack + sizeof child->stack),
        (word)&spawn->pid, 0, 0, run, child);
}

/*
 * Returns 0, or the error of the step that failed. The calling thread must outlive the process: the kernel takes the end
 * of the thread for the death of the parent (PR_SET_PDEATHSIG(2const)).
 */
__attribute__((visibility("default"))) int osapi_spawn(struct osapi_spawn *spawn)
{
    struct child child;
    int copies[4] = { -1, -1, -1, -1 };
    int *sources[4] = { &spawn->streams[0], &spawn->streams[1], &spawn->streams[2], &spawn->group };
    long pid = 0;

    child.spawn = spawn;
    child.parent = (word)call0(SYS_getpid);
    child.error = 0;
    spawn->pid = 0;
    spawn->joined = 0;
    spawn->step = STEP_NONE;

    /* A parent that was started without its three streams has others in their places. */
    for (int i = 0; i < 4; i++) {
        if (*sources[i] < 0 || *sources[i] > 2)
            continue;
        long copy = call3(SYS_fcntl, (word)*sources[i], F_DUPFD_CLOEXEC, 3);
        if (copy < 0) {
            pid = copy;
            break;
        }
        *sources[i] = copies[i] = (int)copy;
    }

    if (pid == 0) {
        u64 all = ~0ULL, before;
        call(SYS_rt_sigprocmask, SIG_SETMASK, (word)&all, (word)&before, sizeof all, 0);
        pid = start(&child);
        call(SYS_rt_sigprocmask, SIG_SETMASK, (word)&before, 0, sizeof before, 0);
    }
    for (int i = 0; i < 4; i++)
        if (copies[i] >= 0)
            call1(SYS_close, (word)copies[i]);

    if (pid < 0) {
        spawn->step = STEP_PROCESS;
        return (int)-pid;
    }
    if (child.error != 0) {
        while (call(SYS_wait4, (word)pid, 0, 0, 0, 0) == -EINTR)
            ;
        return child.error;
    }
    return 0;
}
