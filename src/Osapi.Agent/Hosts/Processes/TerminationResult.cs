using System.Globalization;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>How the processes of a job were stopped.</summary>
/// <param name="Killed">True when some did not end by themselves.</param>
/// <param name="Left">Those that could not be ended.</param>
internal sealed record TerminationResult(bool Killed, IReadOnlyCollection<int> Left)
{
    /// <inheritdoc/>
    public override string ToString() => (Left.Count, Killed) switch
    {
        ( > 0, _) => "killed, but processes do not end: " + string.Join(", ", Left.Order().Select(id => id.ToString(CultureInfo.InvariantCulture))),
        (_, true) => "killed",
        _ => "terminated",
    };
}
