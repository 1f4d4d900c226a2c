namespace Osapi.Operations.Jobs;

/// <summary>An invoker that can read the output of jobs.</summary>
public interface IOutputReader
{
    /// <summary>Opens the output of a job on one host. The caller disposes it.</summary>
    /// <param name="id">The job.</param>
    /// <param name="hostname">The host; null for a job on one host.</param>
    /// <param name="stream">The output stream.</param>
    /// <param name="follow">True to read on until the job has ended on the host.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    Task<Stream> OpenOutputAsync(JobId id, string? hostname, OutputStream stream, bool follow, CancellationToken cancellationToken);
}
