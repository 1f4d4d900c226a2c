using Osapi.Transport.Jobs;
using Osapi.Transport.Runs;

namespace Osapi.Transport.Trust;

/// <summary>The rules about places: which host may write there, and what needs no authentication.</summary>
internal static class TrustRules
{
    private const string Markers = "mark.";
    private const string States = "state.";

    /// <summary>Checks that a payload of a place is believed without a tag, because it says nothing, or authenticates itself.</summary>
    /// <remarks>A marker shows its own sequence to a controller that waits for its random subject. A ping asks for heartbeats, which are authenticated. Requests to enroll and their replies are sent before there is a secret.</remarks>
    public static bool IsOpen(EnvelopePlace place, string subject) => place switch
    {
        EnvelopePlace.Jobs => subject.StartsWith(Markers, StringComparison.Ordinal),
        EnvelopePlace.Signals => subject == Subjects.Ping || subject.StartsWith(Subjects.Enrolments, StringComparison.Ordinal) || subject.StartsWith(Subjects.EnrolmentReplies, StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>Checks that a host may write to a place. Controllers may write everywhere.</summary>
    public static bool MayWrite(string hostKey, EnvelopePlace place, string subject) => place switch
    {
        EnvelopePlace.Jobs => ExecutorOf(subject) is { } executor && (executor == HostKey.Any || executor == hostKey),
        EnvelopePlace.Hosts => subject == hostKey,
        EnvelopePlace.Signals => subject == Subjects.Heartbeat(hostKey) || subject == Subjects.Claim(hostKey) || subject == Subjects.RecordChanged(hostKey) || subject == Subjects.Confirm(hostKey)
            || IsOutput(hostKey, place, subject),
        EnvelopePlace.Results => subject.StartsWith($"{hostKey}/", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>True for a signal with output of a host.</summary>
    public static bool IsOutput(string hostKey, EnvelopePlace place, string subject) =>
        place == EnvelopePlace.Signals && subject.StartsWith(Subjects.OutputPart(hostKey, reader: ""), StringComparison.Ordinal);

    /// <summary>True for what tells the controllers the time of the host that writes it.</summary>
    public static bool TellsBootTime(EnvelopePlace place, string subject) =>
        place == EnvelopePlace.Hosts || (place == EnvelopePlace.Signals && subject.StartsWith(Subjects.Heartbeats, StringComparison.Ordinal));

    /// <summary>Gets the executor of a state's subject; null for any other subject.</summary>
    public static string? ExecutorOf(string subject) => subject.StartsWith(States, StringComparison.Ordinal) ? subject[(subject.LastIndexOf('.') + 1)..] : null;

    /// <summary>Gets the one host for which controllers write to a place; null when it is for several or for controllers only.</summary>
    public static string? RecipientOf(EnvelopePlace place, string subject) => place switch
    {
        EnvelopePlace.Jobs => ExecutorOf(subject) is { } executor && executor != HostKey.Any ? executor : null,
        EnvelopePlace.Commands => subject.Split('.') is ["cmd", var host, ..] && host[0] != '_' ? host : null,
        EnvelopePlace.Hosts => subject,
        EnvelopePlace.Roster => Roster.IsHost(subject) ? subject : null,
        EnvelopePlace.Signals when subject.StartsWith(Subjects.Controllers, StringComparison.Ordinal) || subject.StartsWith(RunSubjects.Signals, StringComparison.Ordinal) => null,
        EnvelopePlace.Signals => subject[(subject.IndexOf('.', StringComparison.Ordinal) + 1)..],
        _ => null,
    };

    /// <summary>True for what agents of every host must be able to check.</summary>
    public static bool IsForEveryHost(EnvelopePlace place, string subject) => place switch
    {
        EnvelopePlace.Jobs => ExecutorOf(subject) == HostKey.Any,
        EnvelopePlace.WorkQueue => true,
        EnvelopePlace.Roster => subject == Roster.IndexKey,
        _ => false,
    };
}
