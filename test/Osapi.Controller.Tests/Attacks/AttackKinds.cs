using System.Text;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Transport.Enrolment;
using Osapi.Transport.Jobs;
using Osapi.Transport.Jobs.Outputs;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Tests.Attacks;

/// <summary>The kinds of messages of a fleet on its broker.</summary>
/// <param name="known">Jobs that exist.</param>
/// <param name="evil">The key of the host that the attacker has.</param>
/// <param name="marker">The file that a command of the attacker would create.</param>
internal sealed class AttackKinds(IReadOnlyList<JobId> known, AgentKeys evil, string marker)
{
    private static readonly string[] Signals = ["signals"];

    public IReadOnlyList<AttackKind> All =>
    [
        new("record", "osapi.job.job.", "osapi.job.", EnvelopePlace.Jobs, ["jobs"], random => $"{AnyJob(random)}", (random, subject) => Record(random, JobId.Parse(subject.Split('.')[1]))),
        new("state", "osapi.job.state.", "osapi.job.", EnvelopePlace.Jobs, ["jobs"], random => $"{AnyJob(random)}.{Pick(random, [.. AttackedFleet.Hosts, HostKey.Any])}", (random, _) => State(random)),
        new("command", "osapi.cmd.cmd.", "osapi.cmd.", EnvelopePlace.Commands, ["commands"], random => $"{Pick(random, AttackedFleet.Hosts)}.{AnyJob(random)}", (random, subject) => Command(random, JobId.Parse(subject.Split('.')[2]))),
        new("queued job", "osapi.any.", "osapi.any.", EnvelopePlace.WorkQueue, ["queue"], random => Pick(random, ["any", "quick"]), (random, _) => Command(random, AnyJob(random))),
        new("host record", "$KV.osapi_hosts.", "$KV.osapi_hosts.", EnvelopePlace.Hosts, ["hosts"], random => Pick(random, [.. AttackedFleet.Hosts, "new-01"]), (_, subject) => HostRecord(subject)),
        new("roster entry", "$KV.osapi_roster.", "$KV.osapi_roster.", EnvelopePlace.Roster, ["roster"], random => Pick(random, [.. AttackedFleet.Hosts, "new-01", "_index"]), RosterContent),
        new("heartbeat", "osapi.signal.hb.", "osapi.signal.", EnvelopePlace.Signals, Signals, Host, (_, _) => Json("""{"ledger":"evil","session":"evil"}""")),
        new("claim of a name", "osapi.signal.claim.", "osapi.signal.", EnvelopePlace.Signals, Signals, Host, (_, _) => JobJson.Bytes(new AgentClaim { Ledger = "evil", Session = "evil" })) { IsHeardBySome = true },
        new("notice of a change", "osapi.signal.look.", "osapi.signal.", EnvelopePlace.Signals, Signals, Host, (_, _) => []),
        new("question for a state", "osapi.signal.confirm.", "osapi.signal.", EnvelopePlace.Signals, ["signals", "confirmations"], Host, (random, _) => JobJson.Bytes(new ConfirmRequest { JobId = AnyJob(random), Executor = HostKey.Any, Nonce = "n" })),
        new("announcement of a controller", "osapi.signal.roster.", "osapi.signal.", EnvelopePlace.Signals, Signals, _ => "evil", (_, _) => Json("""{"roster":"evil","requests_reply":true}""")),
        new("request for output", "osapi.signal.tail.", "osapi.signal.", EnvelopePlace.Signals, Signals, Host, (random, _) => JobJson.Bytes(new TailRequest { JobId = AnyJob(random), Stream = OutputStream.Stdout, Offset = 0, Reader = TailRequest.NewReader() })),
        new("request to enroll", "osapi.signal.enroll.", "osapi.signal.", EnvelopePlace.Signals, ["enrolments"], random => Pick(random, [.. AttackedFleet.Hosts, "new-01"]), Enrolment),
        new("confirmed state", "osapi.signal.confirmed.", "osapi.signal.", EnvelopePlace.Signals, Signals, Host, (random, _) => JobJson.Bytes(new ConfirmReply { JobId = AnyJob(random), Executor = HostKey.Any, Nonce = "n", LastSequence = long.MaxValue })) { IsHeardBySome = true },
        new("part of an output", "osapi.signal.output.", "osapi.signal.", EnvelopePlace.Signals, Signals, random => $"{Host(random)}.{TailRequest.NewReader()}", (_, _) => [0, 0, 0, 0, 0, 0, 0, 0, 1]) { IsHeardBySome = true },
        new("reply to an enrolment", "osapi.signal.enrolled.", "osapi.signal.", EnvelopePlace.Signals, Signals, Host, EnrolmentReplied) { IsHeardBySome = true },
    ];

    /// <summary>The kinds of which only hosts with an account of their own, or nobody but controllers, write to the broker.</summary>
    public IReadOnlyList<AttackKind> Objects =>
    [
        new("chunk of a result", "$O.osapi_results.C.", "$O.osapi_results.", EnvelopePlace.Results, ["results"], random => $"{Host(random)}.{random.Next()}", (random, _) => Bytes(random, 100)),
        new("description of a result", "$O.osapi_results.M.", "$O.osapi_results.", EnvelopePlace.Results, ["results"], random => $"{Host(random)}.{random.Next()}", (_, _) => Json("""{"name":"evil","bucket":"osapi_results","nuid":"1","size":1,"chunks":1}""")),
        new("chunk of a stored file", "$O.osapi_files.C.", "$O.osapi_files.", EnvelopePlace.Files, [], random => $"{random.Next()}", (random, _) => Bytes(random, 100)),
        new("description of a stored file", "$O.osapi_files.M.", "$O.osapi_files.", EnvelopePlace.Files, [], random => $"{random.Next()}", (_, _) => Json("""{"name":"evil","bucket":"osapi_files","nuid":"1","size":1,"chunks":1}""")),
    ];

    /// <summary>Gets a new id, or one of a job that exists.</summary>
    private JobId AnyJob(Random random) => random.Next(2) == 0 ? known[random.Next(known.Count)] : JobId.Parse(new Guid(Bytes(random, 16)).ToString());

    private static string Host(Random random) => Pick(random, AttackedFleet.Hosts);

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Json(string text) => Encoding.UTF8.GetBytes(text);

    private byte[] Command(Random random, JobId job) => JobJson.Bytes(random.Next(4) == 0
        ? new JobCommand { Kind = CommandKind.Cancel, JobId = job }
        : new JobCommand { Kind = CommandKind.Run, JobId = job, Operation = "command.shell.execute", Request = Json($$"""{"command":"touch {{marker}}"}"""), StartWithin = 3600 });

    private static byte[] State(Random random)
    {
        var kind = Enum.GetValues<JobEventKind>()[random.Next(6)];
        var host = Pick(random, [.. AttackedFleet.Hosts, AttackedFleet.Evil]);
        return JobJson.Bytes(new JobEvent { Kind = kind, Host = host, Ledger = "evil", Session = "evil", Outcome = kind == JobEventKind.Finished ? Outcome.Ok : null });
    }

    private static byte[] Record(Random random, JobId job)
    {
        JobRecord record = new()
        {
            Id = job,
            Operation = "command.shell.execute",
            Request = Json("""{"command":"evil"}"""),
            Target = "web-01",
            Hosts = ["web-01"],
            Created = TimeProvider.System.GetUtcNow(),
            StartWithin = 3600,
            Timeout = 10,
        };
        return JobJson.Bytes(random.Next(2) == 0 ? record : record.Tombstone(Deletion.Begun));
    }

    private static byte[] HostRecord(string subject) => JobJson.Bytes(new AgentInfo
    {
        Hostname = subject,
        Ledger = "evil",
        Session = "evil",
        StartedAt = TimeProvider.System.GetUtcNow(),
        RegisteredAt = TimeProvider.System.GetUtcNow(),
        UpdatedAt = TimeProvider.System.GetUtcNow(),
    });

    private byte[] RosterContent(Random random, string subject) => subject == Roster.IndexKey
        ? Roster.Bytes(new RosterIndex { Id = "evil" })
        : Roster.Bytes(new RosterEntry { Name = subject, Version = 1_000_000, Key = evil.Public.ToString(), Drain = random.Next(2) == 0 ? new(TimeProvider.System.GetUtcNow(), "evil", "evil") : null });

    private byte[] Enrolment(Random random, string subject)
    {
        var name = subject.Split('.')[1];
        using var others = ControllerKeys.Create();
        using JoinTokens strange = new(others);
        var token = strange.Create(new() { Id = "0123", Name = "*", Issued = DateTimeOffset.UnixEpoch, Expires = DateTimeOffset.MaxValue });
        return EnrolmentMessage.Of(new() { Name = name, Key = evil.Public.ToString(), Nonce = "n" }, random.Next(2) == 0 ? token : null).ToBytes();
    }

    private byte[] EnrolmentReplied(Random random, string subject)
    {
        using var others = ControllerKeys.Create();
        return new EnrolmentReply { Name = subject.Split('.')[1], Fingerprint = evil.Public.Fingerprint, Nonce = "n", Status = EnrolmentStatus.Accepted }.Sign(others);
    }
}
