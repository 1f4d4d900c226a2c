using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts.Services;
using Osapi.Operations;
using Osapi.Operations.Services;

namespace Osapi.Agent.Services;

/// <summary>Describes units in results.</summary>
internal static class UnitStates
{
    /// <summary>Gets the state of a unit, as results show it.</summary>
    public static UnitState Of(SystemdUnit unit) => new() { ActiveState = unit.ActiveState, SubState = unit.SubState, EnabledState = unit.FileState };

    /// <summary>Gets the remark about a state that is easily misunderstood; null when there is none.</summary>
    public static string? NoteOf(DesiredUnit desired, SystemdUnit unit)
    {
        List<string> notes = [];
        if (desired.Enabled is not null && unit.FileState == "static")
            notes.Add("it has no [Install] section: it is neither enabled nor disabled, and starts when another unit needs it");
        if (desired.Running == true && unit is { EndsByItself: true, IsActive: false })
            notes.Add("a oneshot service without RemainAfterExit is inactive again when it has run, so that each start is a change");
        if (desired.Running == true && unit is { SubState: "exited", FileState: "generated" })
            notes.Add($"it is generated from {unit.Source}: 'active (exited)' does not say that a process of it runs");
        if (desired.Running == false && unit.TriggeredBy.Count > 0)
            notes.Add($"{string.Join(", ", unit.TriggeredBy)} can start it again");
        return notes.Count > 0 ? string.Join("; ", notes) : null;
    }

    /// <summary>Adds the time of waiting for the family's lock to an answer.</summary>
    public static HandlerResult<ServiceChange> Waited(HandlerResult<ServiceChange> answer, TimeSpan waited)
    {
        if (answer.Result is not { } result)
            return answer;
        var longer = result with { WaitedMs = (long)waited.TotalMilliseconds };
        return answer.Outcome switch
        {
            Outcome.Ok => longer,
            Outcome.Cancelled => HandlerResult<ServiceChange>.Stopped(answer.Error!, longer),
            _ => HandlerResult<ServiceChange>.Failed(longer, answer.Error!, answer.ErrorType ?? ErrorType.Failed),
        };
    }
}
