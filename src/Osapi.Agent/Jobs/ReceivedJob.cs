using Osapi.Agent.Handlers;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Jobs;

/// <summary>A job as this host is asked to run it.</summary>
/// <param name="Command">The command.</param>
/// <param name="Executor">For whom it is: this host, or any.</param>
/// <param name="ReceivedAt">When it was asked for, by the store's clock.</param>
/// <param name="IsReadOnly">It only looks, may be done again, and needs no ledger.</param>
internal sealed record ReceivedJob(JobCommand Command, string Executor, DateTimeOffset ReceivedAt, bool IsReadOnly)
{
    public JobId Id => Command.JobId;

    public string Operation => Command.Operation!;

    /// <summary>The time after <see cref="ReceivedAt"/> within which it must start.</summary>
    public TimeSpan StartWithin { get; } = TimeSpan.FromSeconds(Command.StartWithin);

    public static ReceivedJob Of(JobCommand command, string executor, DateTimeOffset asked, OperationExecutor execution) =>
        new(command, executor, asked, command.Check || execution.IsReadOnly(command.Operation!));
}
