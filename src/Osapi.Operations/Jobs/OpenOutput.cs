namespace Osapi.Operations.Jobs;

public static partial class JobOperations
{
    /// <summary>The route that streams the output of a job on one host. It is not an operation because the response is bytes.</summary>
    internal static HttpRoute OutputRoute { get; } = HttpRoute.Get("/job/{id}/output");
}

public sealed partial class JobClient
{
    /// <summary>Opens the output of a job on one host as a stream of the bytes that the command wrote. The caller disposes it.</summary>
    /// <remarks>An output that is small enough for the reply is its text in UTF-8, in which invalid bytes are replaced with U+FFFD.</remarks>
    /// <param name="id">The id of the job.</param>
    /// <param name="hostname">The host; null for a job on one host.</param>
    /// <param name="stream">The output stream.</param>
    /// <param name="follow">True to read on until the job has ended on the host; false for the output so far.</param>
    /// <param name="cancellationToken">Cancels the opening; the job continues.</param>
    /// <exception cref="NotSupportedException">The invoker does not support output.</exception>
    public Task<Stream> OpenOutputAsync(
        JobId id, string? hostname = null, OutputStream stream = OutputStream.Stdout, bool follow = false, CancellationToken cancellationToken = default) =>
        invoker is IOutputReader reader
            ? reader.OpenOutputAsync(id, hostname, stream, follow, cancellationToken)
            : throw new NotSupportedException($"{invoker.GetType().Name} cannot read the output of jobs: it does not implement {nameof(IOutputReader)}.");
}
