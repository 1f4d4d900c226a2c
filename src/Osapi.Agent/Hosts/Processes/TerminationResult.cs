using System.Globalization;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>The result of ending the processes of a job.</summary>
/// <param name="Killed">True when some had to be killed.</param>
/// <param name="Left">The processes that could not be ended.</param>
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
