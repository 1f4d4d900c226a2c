namespace Osapi.Agent.Files.Templates;

/// <summary>
/// Runs what calls itself deeply on a thread with room for it: a thread of the pool has what the system gives, 8 MiB or 1.5.
/// </summary>
internal static class DeepStack
{
    /// <summary>The room. Only what is used of it takes memory.</summary>
    public const int Bytes = 64 * 1024 * 1024;

    public static Task<T> RunAsync<T>(Func<T> work)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(
            () =>
            {
                try
                {
                    done.SetResult(work());
                }
                catch (Exception exception)
                {
                    done.SetException(exception);
                }
            },
            Bytes)
        {
            IsBackground = true,
            Name = "template",
        };
        thread.Start();
        return done.Task;
    }
}
