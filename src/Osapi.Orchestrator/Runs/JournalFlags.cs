namespace Osapi.Orchestrator.Runs;

/// <summary>The flags of an ended cell in the journal.</summary>
internal static class JournalFlags
{
    /// <summary>The task's own guard has skipped the cell.</summary>
    public const string Guarded = "guarded";

    /// <summary>The host was drained, so that the controller did not send the operation.</summary>
    public const string Refused = "refused";

    /// <summary>The cell was skipped because of a failure before it.</summary>
    public const string AfterFailure = "after_failure";

    /// <summary>The failure before it is one that its task allows.</summary>
    public const string Excused = "excused";

    /// <summary>The body had started when the run was interrupted, and may have run.</summary>
    public const string Unknown = "unknown";

    /// <summary>The result of the function is too large to be kept.</summary>
    public const string DataTooLarge = "data_too_large";
}
