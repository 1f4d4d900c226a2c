using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Orchestrator;
using HostResult = Osapi.Orchestrator.HostResult;
using Status = Osapi.Orchestrator.Status;

namespace Osapi.Cli.Rendering.Reports;

/// <summary>An answer that one or more hosts gave to a task.</summary>
/// <param name="Hosts">The results of these hosts; one at least.</param>
/// <param name="Reply">The answer.</param>
internal sealed record PrintedAnswer(IReadOnlyList<HostResult> Hosts, HostReply Reply)
{
    /// <summary>Returns the answers of a task, those of each host for itself.</summary>
    public static IReadOnlyList<PrintedAnswer> Each(TaskResult task) => [.. task.HostResults.Select(host => new PrintedAnswer([host], ReplyOf(host)))];

    /// <summary>Returns the answers of a task, those that differ in nothing but run times together, in the order of their first hosts.</summary>
    /// <param name="task">The result of the task.</param>
    /// <param name="operation">Its operation; null when it is not known.</param>
    public static IReadOnlyList<PrintedAnswer> Folded(TaskResult task, Operation? operation) =>
        [.. task.HostResults.GroupBy(host => KeyOf(host, operation)).Select(group => Of([.. group]))];

    private static PrintedAnswer Of(IReadOnlyList<HostResult> hosts) => new(hosts, hosts.Count == 1 ? ReplyOf(hosts[0]) : WithoutName(ReplyOf(hosts[0])));

    /// <summary>Returns the result of a host as a reply to a call.</summary>
    private static HostReply ReplyOf(HostResult host) => new()
    {
        Hostname = host.Hostname,
        Outcome = host.Outcome ?? OutcomeOf(host.Status),
        // The change of a check is printed separately.
        Changed = host.Check is null && host.Changed,
        Error = host.SkipReason ?? (host.IsExcused && host.Status == Status.Failed ? $"{host.Error} (allowed)" : host.Error),
        Check = host.Check,
        Result = host.Data is { } data ? Element(data) : null,
    };

    // An answer with the host's own name in it, as in a path, is the same as that of another host with its name there.
    private static HostReply WithoutName(HostReply reply) => reply with
    {
        Error = OwnName.Replace(reply.Error, reply.Hostname),
        Result = reply.Result is { } result ? OwnName.Replace(result, reply.Hostname) : null,
    };

    private static string KeyOf(HostResult host, Operation? operation)
    {
        var reply = WithoutName(ReplyOf(host));
        var members = reply.Result is { } result ? result.EnumerateObject().Select(member => KeyOf(member, operation)) : [];
        // Of a large answer only the digest is kept.
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [$"{reply.Outcome} {reply.Changed} {host.Status}", reply.Error ?? "", reply.Check?.ToJson().ToJsonString() ?? "", .. host.Items.Select(item => KeyOf(item, host)), .. members]))));
    }

    private static string KeyOf(ItemResult item, HostResult host) =>
        OwnName.Replace($"{item.Key} {item.Status} {item.Error} {item.SkipReason} {item.Check?.ToJson().ToJsonString()} {item.Data?["stdout"]} {item.Data?["stderr"]}", host.Hostname);

    private static string KeyOf(JsonProperty member, Operation? operation) => MemberUnits.Of(operation?.ResultInfo, member.Name) switch
    {
        MemberUnit.Milliseconds => "",
        // Hosts that do the same do it within a minute.
        MemberUnit.Time => $"{member.Name} {MemberUnits.Format(member.Value, MemberUnit.Time) switch { { } age when age.EndsWith(" s ago", StringComparison.Ordinal) => "", var age => age }}",
        _ => member.ToString(),
    };

    // A host that the task did not call has no outcome.
    private static Outcome OutcomeOf(Status status) => status switch
    {
        Status.Skipped => Outcome.Skipped,
        Status.Cancelled => Outcome.Cancelled,
        Status.Failed => Outcome.Failed,
        _ => Outcome.Ok,
    };

    private static JsonElement Element(JsonObject data) => JsonElement.Parse(data.ToJsonString());
}
