using Osapi.Operations.Audit;

namespace Osapi.Controller.Audit;

/// <summary>Something that waits for the writer of a chain.</summary>
internal sealed class PendingAudit
{
    private readonly TaskCompletionSource<AuditHead>? durable;

    /// <param name="entry">The entry; null to make durable what was written.</param>
    /// <param name="isAwaited">True when somebody waits until the disk has it.</param>
    public PendingAudit(AuditEntry? entry, bool isAwaited)
    {
        Entry = entry;
        durable = isAwaited ? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
    }

    public AuditEntry? Entry { get; }

    /// <summary>True for the entry that goes on after the head that it names, if the chain ends before it.</summary>
    public bool ContinuesAfterHead { get; init; }

    public bool IsAwaited => durable is not null;

    /// <summary>The place of the entry, or the end of the chain.</summary>
    public AuditHead? Place { get; set; }

    public Task<AuditHead> Durable => durable!.Task;

    public void Complete() => durable?.TrySetResult(Place!);

    public void Fail(Exception failure) => durable?.TrySetException(failure);
}
