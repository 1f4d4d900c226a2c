namespace Osapi.Orchestrator;

/// <summary>The exception for a task that failed without an exception of its own.</summary>
public class TaskFailedException(string message) : Exception(message);

/// <summary>The exception for a task with more failed hosts than it allows.</summary>
public sealed class HostFailuresException : TaskFailedException
{
    private const int MaxHosts = 5;

    internal HostFailuresException(IReadOnlyList<HostResult> failed, int expected)
        : base(Describe(failed, expected)) => Hosts = failed;

    /// <summary>The failed hosts.</summary>
    public IReadOnlyList<HostResult> Hosts { get; }

    private static string Describe(IReadOnlyList<HostResult> failed, int expected)
    {
        var hosts = string.Join("; ", failed.Take(MaxHosts).Select(host => $"{host.Hostname}: {(string.IsNullOrEmpty(host.Error) ? host.Outcome!.Value.ToString().ToLowerInvariant() : host.Error)}"));
        return $"{failed.Count} of {expected} hosts failed: {hosts}{(failed.Count > MaxHosts ? "; ..." : "")}";
    }
}
