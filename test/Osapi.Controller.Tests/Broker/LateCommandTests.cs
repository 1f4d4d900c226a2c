using Osapi.Controller.Jobs.Supervision;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Tests.Nats;

namespace Osapi.Controller.Tests.Broker;

/// <summary>Tests of hosts whose commands were published late, on a real broker.</summary>
public sealed class LateCommandTests : IAsyncLifetime
{
    private readonly SystemParts parts = new(limit: TimeSpan.FromMinutes(1));
    private ITransport transport = null!;

    private CancellationToken Token => parts.Token;

    public async ValueTask InitializeAsync()
    {
        var server = parts.Keep(await NatsServer.StartAsync());
        transport = await parts.ConnectAsync(new() { Urls = [server.Url] });
    }

    public ValueTask DisposeAsync() => parts.DisposeAsync();

    [Fact]
    public async Task The_time_of_a_host_runs_from_the_publication_of_its_command()
    {
        // Over now, for a host whose command was published with the record.
        var job = Job(accepted: TimeSpan.FromSeconds(10), startWithin: 10);
        await PublishAsync(job, "web-01", 10);
        var published = (await transport.LastAsync(StreamName.Commands, Subjects.Command("web-01", job.Id), Token))!.Time;

        var late = await new LateCommands(transport).FindAsync(job, job.Executors, Token);

        Assert.Equal(["web-01"], late.Keys);
        Assert.Equal(published + TimeSpan.FromSeconds(10), late["web-01"]);
    }

    [Fact]
    public async Task It_ends_half_a_minute_after_the_deadline_of_the_job_however_late_the_command_is()
    {
        var job = Job(accepted: TimeSpan.FromSeconds(80), startWithin: 60);
        await PublishAsync(job, "web-01", 60);

        var late = await new LateCommands(transport).FindAsync(job, job.Executors, Token);

        Assert.Equal(job.Created + TimeSpan.FromSeconds(90), late["web-01"]);
        Assert.Empty(await new LateCommands(transport).FindAsync(Job(accepted: TimeSpan.FromSeconds(91), startWithin: 60) with { Id = job.Id }, job.Executors, Token));
    }

    private JobRecord Job(TimeSpan accepted, double startWithin) => new()
    {
        Id = JobIds.Of(Guid.NewGuid().ToString()),
        Operation = "node.hostname.get",
        Request = JobRecord.NoRequest,
        Target = "_all",
        Hosts = ["web-01", "web-02"],
        Created = transport.ServerNow - accepted,
        StartWithin = startWithin,
        Timeout = 10,
    };

    private Task PublishAsync(JobRecord job, string host, double startWithin) => transport.AppendAsync(
        [new(StreamName.Commands, Subjects.Command(host, job.Id), JobJson.Bytes(new JobCommand { Kind = CommandKind.Run, JobId = job.Id, Operation = job.Operation, Request = job.Request, StartWithin = startWithin, Accepted = job.Created }))], Token);
}
