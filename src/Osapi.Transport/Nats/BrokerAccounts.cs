using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Osapi.Transport.Jobs;

namespace Osapi.Transport.Nats;

/// <summary>
/// The accounts of a system in the configuration of <c>nats-server</c>: one of its controllers, and one of each agent,
/// which imports the subjects that this agent needs and no others.
/// </summary>
/// <remarks>
/// Permissions of users within one account do not restrict a hostile agent, because the broker publishes answers without
/// a check of permissions. An answer never leaves the account that asked: <c>docs/nats.md</c>.
/// </remarks>
public sealed partial class BrokerAccounts
{
    private readonly string prefix;
    private readonly NatsNames names;

    /// <summary>Creates the accounts of a system.</summary>
    /// <param name="prefix">The prefix of all names on the broker, as in <see cref="NatsOptions.Prefix"/>.</param>
    /// <exception cref="ArgumentException">The prefix is not valid.</exception>
    public BrokerAccounts(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (!NatsOptions.IsPrefix(prefix))
            throw new ArgumentException($"'{prefix}' is not a prefix: lower-case letters, digits and '-'.", nameof(prefix));
        this.prefix = prefix;
        names = new(prefix);
    }

    /// <summary>The user of the controllers. No agent has this user.</summary>
    public string ControllersUser => prefix;

    /// <summary>The <see cref="NatsOptions.ApiPrefix"/> of agents: their accounts import JetStream's requests under this name.</summary>
    public string AgentApiPrefix => $"{prefix}.js";

    /// <summary>True for a text that can be the password of a user: no quotation mark, no backslash and no control character.</summary>
    public static bool IsPassword(string text) => Password.IsMatch(text);

    /// <summary>Gets the user of an agent: different hosts have different users.</summary>
    /// <exception cref="ArgumentException">The text is not the name of a host.</exception>
    public string UserOf(string hostname) => $"{prefix}_{KeyOf(hostname)}";

    /// <summary>Writes the account of the controllers, which exports what agents import.</summary>
    /// <param name="password">The password of its user.</param>
    /// <exception cref="ArgumentException">The text is not a password.</exception>
    public string OfControllers(string password)
    {
        var (jobs, signals) = (names.SubjectsOf(StreamName.Jobs), names.Signals);
        string[] services =
        [
            $"{jobs}state.*.*", $"{names.Clock}*", $"{NatsNames.Keys(names.Hosts)}*", $"{NatsNames.Chunks(names.Results)}*.*", $"{NatsNames.Descriptions(names.Results)}*.*", "$JS.ACK.>",
            $"{signals}{Subjects.Heartbeat("*")}", $"{signals}{Subjects.Ping}", $"{signals}{Subjects.Enrolment("*")}", $"{signals}{Subjects.Confirm("*")}", $"{signals}{Subjects.OutputPart("*", "*")}",
        ];
        string[] streams =
        [
            $"{signals}{Subjects.Ping}", $"{signals}{Subjects.RecordChanged("*")}", $"{signals}{Subjects.EnrolmentReply("*")}", $"{signals}{Subjects.Confirmed("*")}", $"{signals}{Subjects.Tail("*")}",
            $"{names.SubjectsOf(StreamName.Commands)}{Subjects.CommandsOf("*")}*",
        ];
        return Account(
            ControllersAccount, ControllersUser, password, $$"""
                jetstream: enabled
                mappings: { "{{AgentApiPrefix}}.>": "$JS.API.>" }
            """, "exports",
            [
                // Some requests have many answers.
                $$"""{ service: "{{AgentApiPrefix}}.>", response_type: stream }""",
                .. services.Select(subject => $$"""{ service: "{{subject}}" }"""), .. streams.Select(subject => $$"""{ stream: "{{subject}}" }"""),
            ]);
    }

    /// <summary>Writes the account of an agent.</summary>
    /// <param name="hostname">The host.</param>
    /// <param name="password">The password of its user.</param>
    /// <exception cref="ArgumentException">The text is not the name of a host, or not a password.</exception>
    public string OfAgent(string hostname, string password)
    {
        var key = KeyOf(hostname);
        return Account(
            $"{ControllersAccount}_{key}", UserOf(hostname), password, more: null, "imports",
            [
                .. Services(key).Select(subject => $$"""{ service: { account: "{{ControllersAccount}}", subject: "{{subject}}" } }"""),
                .. Streams(key).Select(subject => $$"""{ stream: { account: "{{ControllersAccount}}", subject: "{{subject}}" } }"""),
            ]);
    }

    private string ControllersAccount => prefix.ToUpperInvariant();

    // Where it writes, and the requests that it makes.
    private IEnumerable<string> Services(string key)
    {
        var (jobs, signals) = (names.SubjectsOf(StreamName.Jobs), names.Signals);
        return
        [
            $"{jobs}state.*.{key}", $"{jobs}state.*.{HostKey.Any}", $"{names.Clock}*", $"{NatsNames.Keys(names.Hosts)}{key}",
            $"{NatsNames.Chunks(names.Results)}{key}.*", $"{NatsNames.Descriptions(names.Results)}{key}.*",
            $"{signals}{Subjects.Heartbeat(key)}", $"{signals}{Subjects.Ping}", $"{signals}{Subjects.Enrolment(key)}", $"{signals}{Subjects.Confirm(key)}", $"{signals}{Subjects.OutputPart(key, "*")}",
            .. Requests(key).Select(request => $"{AgentApiPrefix}.{request}"),
            .. Queues.Select(queue => $"$JS.ACK.{names.StreamOf(StreamName.WorkQueue)}.{queue}.>"),
        ];
    }

    private IEnumerable<string> Requests(string key)
    {
        var (commands, queue) = (names.StreamOf(StreamName.Commands), names.StreamOf(StreamName.WorkQueue));
        string[] objects = [NatsNames.ObjectStream(names.Files), NatsNames.ObjectStream(names.Requests)];
        var (hosts, roster) = ($"{NatsNames.KeyStream(names.Hosts)}.", $"{NatsNames.KeyStream(names.Roster)}.{NatsNames.Keys(names.Roster)}");
        var own = $"{names.SubjectsOf(StreamName.Commands)}{Subjects.CommandsOf(key)}*";
        return
        [
            "STREAM.INFO.*", $"STREAM.MSG.GET.{names.StreamOf(StreamName.Jobs)}", .. objects.SelectMany(stream => new[] { $"STREAM.MSG.GET.{stream}", $"DIRECT.GET.{stream}" }), $"DIRECT.GET.{commands}.{own}",
            $"DIRECT.GET.{hosts}{NatsNames.Keys(names.Hosts)}{key}", $"DIRECT.GET.{hosts}{names.Clock}*", $"DIRECT.GET.{roster}{key}", $"DIRECT.GET.{roster}{Roster.IndexKey}",
            $"CONSUMER.CREATE.{commands}.*.{own}", $"CONSUMER.MSG.NEXT.{commands}.*",
            .. Queues.SelectMany(name => new[] { $"CONSUMER.INFO.{queue}.{name}", $"CONSUMER.MSG.NEXT.{queue}.{name}" }),
        ];
    }

    // The signals that it receives, and its commands as they are published.
    private IEnumerable<string> Streams(string key) =>
    [
        .. ((string[])[Subjects.Ping, Subjects.RecordChanged(key), Subjects.EnrolmentReply(key), Subjects.Confirmed(key), Subjects.Tail(key)]).Select(subject => names.Signals + subject),
        $"{names.SubjectsOf(StreamName.Commands)}{Subjects.CommandsOf(key)}*",
    ];

    private static IEnumerable<string> Queues => Enum.GetValues<QueueName>().Select(NatsNames.ConsumerOf);

    private static string Account(string name, string user, string password, string? more, string kind, IEnumerable<string> entries)
    {
        if (!IsPassword(password))
            throw new ArgumentException("The password has a quotation mark, a backslash or a control character, or none at all.", nameof(password));
        StringBuilder text = new();
        text.Append($$"""
            "{{name}}" {
                users: [ { user: "{{user}}", password: "{{password}}" } ]

            """);
        if (more is not null)
            text.Append(more).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"    {kind}: [\n");
        foreach (var entry in entries)
            text.Append("        ").Append(entry).Append('\n');
        return text.Append("    ]\n}\n").ToString();
    }

    private static string KeyOf(string hostname) =>
        HostKey.IsName(hostname) ? HostKey.Of(hostname) : throw new ArgumentException("The text is not the name of a host.", nameof(hostname));

    [GeneratedRegex(@"\A[^""\\\p{C}]+\z")]
    private static partial Regex Password { get; }
}
