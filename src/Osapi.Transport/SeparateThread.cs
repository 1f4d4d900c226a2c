namespace Osapi.Transport;

/// <summary>Runs work that rents large buffers from the runtime's shared pool on a thread of its own, which takes them with it.</summary>
/// <remarks>
/// To escape a text, JSON rents six times its size. The pool keeps one buffer of each size for each thread that returned one, for 30 seconds
/// or longer: several MiB for every thread that ever wrote a large reply.
/// </remarks>
public static class SeparateThread
{
    // Below, a thread costs more than its buffers.
    private const long LargeSize = 32 * 1024;

    /// <summary>Runs the work: on a separate thread if it is large, at once if not.</summary>
    /// <param name="size">The size of the text, in bytes; an estimate is enough.</param>
    /// <param name="work">The work.</param>
    public static Task<T> RunIfLargeAsync<T>(long size, Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return size < LargeSize
            ? Task.FromResult(work())
            : Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
    }
}
