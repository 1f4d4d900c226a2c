using System.Text;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Transport.Tests.Jobs;

/// <summary>Tests of the allowed transitions on the subject of an executor, and that no other message changes anything.</summary>
public sealed class ExecutorFoldTests
{
    private const string Job = "00000000-0000-0000-0000-000000000001";

    private static readonly string[] NotUnderstood = ["", "{}", "not json", "null", "[]", "1", "\"start\"", """{"kind":"paused"}""", """{"kind":null}""", """{"kind":"start"}""", """{"kind":"start","host":"web-01"}"""];

    [Theory]
    [InlineData("start", "start")]
    [InlineData("expired", "expired")]
    [InlineData("cancelled", "cancelled")]
    [InlineData("deleted", "deleted")]
    [InlineData("lost", "")]
    [InlineData("fin", "")]
    [InlineData("whole", "whole")]
    [InlineData("whole start", "whole")]
    [InlineData("whole fin", "whole")]
    [InlineData("whole expired", "whole")]
    [InlineData("whole lost", "whole")]
    [InlineData("whole whole", "whole")]
    [InlineData("expired whole", "expired")]
    [InlineData("cancelled whole", "cancelled")]
    [InlineData("start whole", "start whole")]
    [InlineData("deleted whole", "deleted")]
    [InlineData("start expired", "start")]
    [InlineData("start cancelled", "start")]
    [InlineData("expired start", "expired")]
    [InlineData("cancelled start fin", "cancelled")]
    [InlineData("start start", "start")]
    [InlineData("start later", "start later")]
    [InlineData("start later fin", "start later fin")]
    [InlineData("start other", "start")]
    [InlineData("start stranger", "start")]
    [InlineData("start fin", "start fin")]
    [InlineData("start fin fin", "start fin")]
    [InlineData("start fin lost", "start fin")]
    [InlineData("start fin unknown", "start fin")]
    [InlineData("start unknown fin", "start unknown")]
    [InlineData("start finother", "start")]
    [InlineData("start unknownother", "start unknownother")]
    [InlineData("start finstranger", "start")]
    [InlineData("start lost", "start lost")]
    [InlineData("start lost fin", "start lost fin")]
    [InlineData("start lost fin fin", "start lost fin")]
    [InlineData("start lost unknownother fin", "start lost unknownother")]
    [InlineData("start lost start", "start lost")]
    [InlineData("start lost later", "start lost")]
    [InlineData("start lost lost", "start lost")]
    [InlineData("start lost finstranger", "start lost")]
    [InlineData("start deleted fin", "start deleted")]
    [InlineData("deleted start", "deleted")]
    [InlineData("deleted deleted", "deleted")]
    public void The_first_counts_and_then_only_what_belongs_to_it(string messages, string counted)
    {
        foreach (var executor in (string[])["web-01", HostKey.Any])
        {
            // The same with invalid messages before, between and after.
            foreach (var noise in (string?[])[null, .. NotUnderstood])
            {
                List<(string Name, byte[] Bytes)> log = [];
                foreach (var name in messages.Split(' '))
                {
                    if (noise is not null)
                        log.Add(("", Encoding.UTF8.GetBytes(noise)));
                    log.Add((name, Bytes(name)));
                }

                if (noise is not null)
                    log.Add(("", Encoding.UTF8.GetBytes(noise)));

                ExecutorFold fold = new(JobIds.Of(Job), executor);
                List<string> accepted = [];
                for (var i = 0; i < log.Count; i++)
                {
                    fold = fold.Apply(new Message(Subjects.State(JobIds.Of(Job), executor), i + 1, default, log[i].Bytes), out var skipReason);
                    Assert.NotEqual("", skipReason);
                    if (skipReason is null)
                        accepted.Add(log[i].Name);
                }

                // A host that a directed job is not for cannot end it; for a job for any host the start names the host.
                Assert.Equal(counted, string.Join(' ', accepted));
                Assert.Equal(log.Count, fold.LastSequence);
            }
        }
    }

    [Fact]
    public void A_directed_job_is_started_and_ended_by_the_host_of_the_subject_alone()
    {
        ExecutorFold fold = new(JobIds.Of(Job), "web-01");

        foreach (var name in (string[])["stranger", "finstranger"])
            Assert.Null(fold.Apply(new Message("s", 1, default, Bytes(name)), out _).State);

        Assert.Equal("Db-01", new ExecutorFold(JobIds.Of(Job), HostKey.Of("Db-01")).Apply(new Message("s", 1, default, JobJson.Bytes(Start with { Host = "Db-01" })), out _).State!.Event.Host);
    }

    [Theory]
    [InlineData("""{"hostname":"db-01","outcome":"ok"}""")]
    [InlineData("""{"hostname":"web-01","outcome":"failed"}""")]
    [InlineData("""{"outcome":"ok"}""")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("""{"hostname":"web-01","outcome":"ok","text":"\ud800"}""")]
    public void An_end_whose_entry_is_of_another_host_or_outcome_is_none(string entry)
    {
        var fold = new ExecutorFold(JobIds.Of(Job), "web-01").Apply(new Message("s", 1, default, Bytes("start")), out _);
        var text = $$"""{"kind":"fin","host":"web-01","ledger":"l","session":"s","outcome":"ok","entry":{{entry}}}""";

        fold = fold.Apply(new Message("s", 2, default, Encoding.UTF8.GetBytes(text)), out var skipReason);

        Assert.NotNull(skipReason);
        Assert.Equal(JobEventKind.Start, fold.State!.Event.Kind);
    }

    [Fact]
    public void An_end_that_points_to_the_result_of_another_job_is_none()
    {
        var fold = new ExecutorFold(JobIds.Of(Job), "web-01").Apply(new Message("s", 1, default, Bytes("start")), out _);
        JobEvent end = Start with { Kind = JobEventKind.Finished, Outcome = Outcome.Ok, ObjectName = JobEntries.NameOf(JobIds.Of(Job), "web-02") };

        Assert.NotNull(fold.GetRejection(end));
        Assert.Null(fold.GetRejection(end with { ObjectName = JobEntries.NameOf(JobIds.Of(Job), "web-01") }));
    }

    [Fact]
    public void An_outcome_and_members_of_a_newer_version_make_an_end_that_is_unknown()
    {
        var fold = new ExecutorFold(JobIds.Of(Job), "web-01").Apply(new Message("s", 1, default, Bytes("start")), out _);
        const string Newer = """{"kind":"fin","host":"web-01","ledger":"l","session":"s","outcome":"deferred","digest":{"sha":1},"entry":{"hostname":"web-01","outcome":"deferred","chunks":[1]}}""";

        fold = fold.Apply(new Message("s", 2, default, Encoding.UTF8.GetBytes(Newer)), out var skipReason);

        Assert.Null(skipReason);
        Assert.Equal(Outcome.Unknown, JobStatusRules.OutcomeOf(fold.State!.Event));
    }

    private static JobEvent Start => new() { Kind = JobEventKind.Start, Host = "web-01", Ledger = "l", Session = "s" };

    private static byte[] Bytes(string name) => JobJson.Bytes(name switch
    {
        "start" => Start,
        "later" => Start with { Session = "t" },
        "other" => Start with { Ledger = "m", Session = "t" },
        "stranger" => Start with { Host = "db-01", Ledger = "d" },
        "lost" => Start with { Kind = JobEventKind.Lost },
        "fin" => Fin(Start, Outcome.Ok),
        "whole" => Fin(Start, Outcome.Ok) with { Starts = true },
        "unknown" => Fin(Start, Outcome.Unknown),
        "finother" => Fin(Start with { Ledger = "m" }, Outcome.Ok),
        "unknownother" => Fin(Start with { Ledger = "m" }, Outcome.Unknown),
        "finstranger" => Fin(Start with { Host = "db-01", Ledger = "d" }, Outcome.Ok),
        _ => new() { Kind = Enum.Parse<JobEventKind>(name, ignoreCase: true) },
    });

    private static JobEvent Fin(JobEvent start, Outcome outcome) => start with
    {
        Kind = JobEventKind.Finished,
        Outcome = outcome,
        Entry = JsonElement.Parse(JobEntries.Bytes(new() { Hostname = start.Host!, Outcome = outcome })),
    };
}
