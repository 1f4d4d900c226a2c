using Osapi.Operations;

namespace Osapi.Agent.Hosts.Files;

/// <summary>Begins again when a file was exchanged between the look at it and the act on it.</summary>
internal static class FileExchanges
{
    // Somebody who exchanges names as fast as he can meets most attempts, but not one in twenty of them all.
    private const int MaxAttempts = 20;

    /// <summary>Does the work until no file was exchanged on the way.</summary>
    /// <exception cref="OperationException">One was, each time.</exception>
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
                // Whatever is there now is looked at anew.
            }

        throw new OperationException(ErrorType.Conflict, $"{path} is exchanged for another file each time it is looked at, by somebody who may write to its directory; {MaxAttempts} attempts were made");
    }
}
