using System.Text;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Health;
using Osapi.Operations.Jobs;
using Osapi.Operations.Node;
using Osapi.Operations.Targets;

namespace Osapi.Testing.Tests;

public sealed class ScriptedInvokerTests
{
    private readonly ScriptedInvoker hosts = new() { Hosts = ["a", "b"] };

    public static TheoryData<string> Ids => [.. OperationCatalog.Default.Where(operation => operation != JobOperations.Get).Select(operation => operation.Id)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Ids))]
    public async Task Every_operation_is_answered_with_its_example(string id)
    {
        Assert.True(OperationCatalog.Default.TryFind(id, out var operation));
        var target = operation.RunsOn == RunsOn.Host ? Target.All : null;

        var reply = await hosts.SendAsync(operation, operation.ExamplePair.Request, target, null, Token);

        Assert.Equal(target is null ? [] : ["a", "b"], reply.Hosts.Select(entry => entry.Hostname));
        Assert.All(reply.Hosts, entry => Assert.Equal((Outcome.Ok, entry), (entry.Readable(operation.ResultInfo).Outcome, entry.Readable(operation.ResultInfo))));
        // The resolution of targets, with which every plan begins, is not listed.
        Assert.Equal(operation == TargetOperations.Resolve ? [] : [id], hosts.Calls.Select(call => call.Operation.Id));
    }

    [Fact]
    public async Task Targets_name_hosts()
    {
        await HostsOfAsync("_any", "a");
        await HostsOfAsync("_all", "a", "b");
        await HostsOfAsync("group:web", "a", "b");
        await HostsOfAsync("c", "c");

        async Task HostsOfAsync(Target target, params string[] expected) =>
            Assert.Equal(expected, (await hosts.Client.Node.OsAsync(target, cancellationToken: Token)).Hosts.Select(host => host.Hostname));
    }

    [Fact]
    public async Task A_list_names_its_hosts_and_every_host_is_reported_once_when_it_has_ended()
    {
        List<string> ended = [];
        hosts.Answer(NodeOperations.Os, (_, hostname) => hostname == "b" ? throw new OperationException(ErrorType.NotFound, "no os-release") : new(new("debian", "13")));

        var reply = await hosts.Client.Node.OsAsync(Target.OfHosts("c", "b"), new() { HostEnded = Report }, Token);
        await Assert.ThrowsAsync<NotFoundException>(() => hosts.Client.Node.OsAsync("b", new() { HostEnded = Report }, Token));

        Assert.Equal(["b", "c"], reply.Hosts.Select(host => host.Hostname));
        Assert.Equal(["b Failed", "c Ok", "b Failed"], ended);

        void Report(HostReply host) => ended.Add($"{host.Hostname} {host.Outcome}");
    }

    [Theory]
    [InlineData("_any", "a,b", null)]
    [InlineData("_all", "a,b", null)]
    [InlineData("group:web", "a,b", null)]
    [InlineData("c", "c", null)]
    [InlineData("c,d", "c,d", null)]
    [InlineData("_some", "", "target '_some' is unknown: names with a leading underscore are reserved, and only _any and _all exist")]
    public async Task Targets_are_resolved_as_they_are_called(string target, string expected, string? problem)
    {
        var resolved = await hosts.Client.Target.ResolveAsync(target, "node.os.get", cancellationToken: Token);

        Assert.Equal((expected, problem), (string.Join(',', resolved.Hosts.Select(host => host.Hostname)), resolved.Problem));
        Assert.All(resolved.Hosts, host => Assert.Equal((false, true), (host.Drained, host.Reachable)));
    }

    [Fact]
    public async Task The_last_answer_that_was_set_applies()
    {
        hosts.Answer(HealthOperations.Liveness, _ => new("first")).Answer(HealthOperations.Liveness, _ => new("second"));

        Assert.Equal("second", (await hosts.Client.Health.LivenessAsync(cancellationToken: Token)).Status);
    }

    [Fact]
    public async Task The_failure_of_a_single_host_is_the_same_exception_as_over_http_and_one_of_several_is_an_entry()
    {
        hosts.Answer(NodeOperations.Os, (_, hostname) => hostname == "a" ? throw new OperationException(ErrorType.NotFound, "no os-release") : new(new("debian", "13")));

        var refusal = await Assert.ThrowsAsync<NotFoundException>(() => hosts.Client.Node.OsAsync("a", cancellationToken: Token));
        var many = await hosts.Client.Node.OsAsync("_all", cancellationToken: Token);

        Assert.Equal(("no os-release", "a", ErrorType.NotFound), (refusal.Message, refusal.Hosts[0].Hostname, refusal.Hosts[0].ErrorType));
        Assert.NotNull(refusal.JobId);
        Assert.Equal([Outcome.Failed, Outcome.Ok], many.Hosts.Select(host => host.Outcome));
    }

    [Fact]
    public async Task Entries_are_answered_as_they_are()
    {
        hosts.AnswerEntries(NodeOperations.Hostname, _ =>
        [
            new() { Hostname = "x", Outcome = Outcome.Ok, Result = new() { OsHostname = "x.example.com" } },
            new() { Hostname = "y", Outcome = Outcome.Skipped, Error = "drained" },
        ]);

        var answer = await hosts.Client.Node.HostnameAsync("_all", cancellationToken: Token);

        Assert.Equal([("x", Outcome.Ok, null), ("y", Outcome.Skipped, "drained")], answer.Hosts.Select(host => (host.Hostname, host.Outcome, host.Error)));
        Assert.Equal("x.example.com", answer.Hosts[0].Result!.OsHostname);
    }

    [Fact]
    public async Task Requests_that_a_controller_refuses_are_refused()
    {
        var refusal = await Assert.ThrowsAsync<ValidationException>(() => hosts.Client.Job.ListAsync(new() { Limit = -1 }, cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentNullException>(() => hosts.Client.Node.OsAsync(null!, cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentException>(() => hosts.SendAsync(NodeOperations.Os, new GetHostname(), Target.Any, null, Token));

        Assert.StartsWith("limit ", Assert.Single(refusal.Errors), StringComparison.Ordinal);
        Assert.Equal(3, hosts.Calls.Count);
    }

    [Fact]
    public async Task Files_and_changes_of_jobs_come_from_the_script_too()
    {
        hosts.AnswerContent("app.conf", "port = 80"u8);
        hosts.AnswerUpdates(new JobUpdate { Sequence = 1, JobId = JobId.Parse("01a20a86-e95a-7794-acef-2620a037a3d7"), Event = "submitted" });

        using StreamReader content = new(await hosts.Client.File.DownloadAsync("app.conf", Token), Encoding.UTF8);
        List<JobUpdate> updates = [];
        await foreach (var update in hosts.Client.Job.WatchAllAsync(cancellationToken: Token))
            updates.Add(update);

        Assert.Equal("port = 80", await content.ReadToEndAsync(Token));
        Assert.Equal("submitted", Assert.Single(updates).Event);
        await Assert.ThrowsAsync<NotFoundException>(() => hosts.Client.File.DownloadAsync("other", Token));
    }

    [Fact]
    public async Task An_invoker_that_only_makes_calls_says_what_it_cannot_do()
    {
        using OsapiClient client = new(new Plain(hosts));

        await client.Node.OsAsync("_any", cancellationToken: Token);

        Assert.Contains("Plain", (await Assert.ThrowsAsync<NotSupportedException>(() => client.File.DownloadAsync("app.conf", Token))).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => client.Job.WatchAllAsync(cancellationToken: Token));
        Assert.Null(client.BaseUrl);
    }

    private sealed class Plain(IOperationInvoker inner) : IOperationInvoker
    {
        public Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken) =>
            inner.SendAsync(operation, request, target, options, cancellationToken);
    }
}
