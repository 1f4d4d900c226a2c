using Osapi.Operations;

namespace Osapi.Agent.Hosts.Files;

/// <summary>Retries an operation when a file was exchanged between its inspection and the change.</summary>
internal static class FileExchanges
{
    // A process that exchanges names as fast as it can disturbs most attempts, but not all of twenty.
    private const int MaxAttempts = 20;

    /// <summary>Repeats the work until no file was exchanged meanwhile.</summary>
    /// <exception cref="OperationException">A file was exchanged in each attempt.</exception>
    public static async Task<T> RetryAsync<T>(string path, Func<Task<T>> workAsync, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                return await workAsync();
            }
            catch (FileExchangedException)
            {
                // The current file is inspected again.
            }

        throw new OperationException(ErrorType.Conflict, $"{path} was exchanged for another file in each of {MaxAttempts} attempts, by a process that may write to its directory");
    }
}
