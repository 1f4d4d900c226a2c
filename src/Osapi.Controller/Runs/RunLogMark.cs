using Osapi.Transport;

namespace Osapi.Controller.Runs;

/// <summary>A message at the end of the log of runs, which is written after the last message may have been removed, so that every follower reaches the end.</summary>
internal sealed class RunLogMark(ITransport transport)
{
    private const string Subject = "mark";

    public async Task SetAsync(CancellationToken cancellationToken)
    {
        var mark = await transport.AppendAsync([new(StreamName.Runs, Subject, "{}"u8.ToArray())], cancellationToken);
        await transport.PurgeAsync(StreamName.Runs, Subject, mark.Sequence, cancellationToken);
    }
}
