using Osapi.Controller.Agents;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Transport;

namespace Osapi.Controller.Health;

/// <summary>Determines whether the controller can accept jobs: the store answers, the read model follows it, the roster is complete, and the disk has space.</summary>
internal sealed class ControllerReadiness(ITransport transport, RosterReconciler roster, JobIndexHealth health, JobFollower follower, NodeEnvironment node, TimeProvider time)
{
    /// <summary>The free space of the state directory below which no job should begin, in bytes: 16 MiB.</summary>
    public const long MinFreeBytes = 16L << 20;

    /// <summary>The time for which the read model may be behind the log.</summary>
    public static readonly TimeSpan MaxBehind = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private long reached = -1;
    private long reachedAt = time.GetTimestamp();

    /// <summary>Reads the state of the parts that jobs depend on.</summary>
    public async Task<ReadinessState> ReadAsync(CancellationToken cancellationToken)
    {
        List<string> problems = [];
        long? lag = null;
        try
        {
            await transport.PingAsync(cancellationToken);
            // In this order: what is written between the two reads is not lag.
            var position = follower.Position;
            lag = Math.Max(0, (await transport.StateAsync(StreamName.Jobs, cancellationToken)).LastSequence - position);
            if (IsBehind(position, lag.Value))
                problems.Add($"the read model is {lag} messages behind the log of jobs");
            roster.RequireComplete();
        }
        catch (TransportException exception)
        {
            problems.Add(exception.Message);
        }

        if (health.Reason is { } reason)
            problems.Add(reason);
        var (free, size) = SpaceOf(node.StateDirectory);
        if (free < MinFreeBytes)
            problems.Add($"the disk of the controller's state directory is full: {free >> 20} MiB are free, and at least {MinFreeBytes >> 20} MiB are needed");
        return new(problems, lag, free, size);
    }

    // Behind is a read model that has not moved for a while although there is more; one that is busy moves.
    private bool IsBehind(long position, long lag)
    {
        lock (gate)
        {
            if (lag == 0 || position != reached)
                (reached, reachedAt) = (position, time.GetTimestamp());
            return lag > 0 && time.GetElapsedTime(reachedAt) >= MaxBehind;
        }
    }

    private static (long Free, long Size) SpaceOf(string directory)
    {
        try
        {
            DriveInfo drive = new(directory);
            return (drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (IOException)
        {
            return (0, 0);
        }
    }
}

/// <summary>The state of the parts that jobs depend on.</summary>
/// <param name="Problems">The reasons why no job can be accepted; none when jobs can be accepted.</param>
/// <param name="LogLag">The number of messages that the read model does not have yet; null when the store does not answer.</param>
/// <param name="DiskFree">The free space of the state directory, in bytes.</param>
/// <param name="DiskSize">The size of its file system, in bytes.</param>
internal sealed record ReadinessState(IReadOnlyList<string> Problems, long? LogLag, long DiskFree, long DiskSize);
