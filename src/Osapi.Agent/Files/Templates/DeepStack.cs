namespace Osapi.Agent.Files.Templates;

/// <summary>
/// Runs deeply recursive code on a thread with a large stack: pool threads have the system's default, 8 MiB or 1.5 MiB.
/// </summary>
internal static class DeepStack
{
    /// <summary>The stack size. Only used pages take memory.</summary>
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
