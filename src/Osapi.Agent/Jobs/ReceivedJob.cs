using Osapi.Agent.Handlers;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>A job as received by this host.</summary>
/// <param name="Command">The command.</param>
/// <param name="Executor">The executor: this host, or any.</param>
/// <param name="ReceivedAt">The time of the command, by the store's clock.</param>
/// <param name="IsReadOnly">True for a read-only operation, which may be repeated and needs no ledger.</param>
internal sealed record ReceivedJob(JobCommand Command, string Executor, DateTimeOffset ReceivedAt, bool IsReadOnly)
{
    public JobId Id => Command.JobId;

    public string Operation => Command.Operation!;

    /// <summary>True when the controllers have said that it must not start any more.</summary>
    public bool IsOver { get; init; }

    /// <summary>The time after <see cref="ReceivedAt"/> within which it must start.</summary>
    public TimeSpan StartWithin { get; } = TimeSpan.FromSeconds(Command.StartWithin);

    /// <summary>The time after which it must not start, by the store's clock: its own time runs from its message, but not for ever.</summary>
    public DateTimeOffset Deadline => Command.Accepted is { } accepted && accepted + JobRecord.MaxPublishDelay < ReceivedAt ? accepted + JobRecord.MaxPublishDelay + StartWithin : ReceivedAt + StartWithin;

    public static ReceivedJob Of(JobCommand command, string executor, DateTimeOffset receivedAt, OperationExecutor operations) =>
        new(command, executor, receivedAt, command.Check || operations.IsReadOnly(command.Operation!));
}
