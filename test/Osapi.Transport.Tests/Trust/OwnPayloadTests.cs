using Microsoft.Extensions.Logging.Abstractions;
using Osapi.Operations;
using Osapi.Transport.Jobs;
using Osapi.Transport.Tests.Embedded;
using Osapi.Transport.Trust;

namespace Osapi.Transport.Tests.Trust;

/// <summary>Tests of what the two sides in one process hand to each other beside the bytes in the log.</summary>
public sealed class OwnPayloadTests : IAsyncLifetime
{
    private const string Host = "web-01";

    private readonly EmbeddedFixture store = new();
    private readonly ControllerKeys keys = ControllerKeys.Create();
    private readonly AgentKeys agentKeys = AgentKeys.Create();
    private readonly HostKeyTable hosts = new();
    private readonly JobId id = JobId.New();
    private readonly object process = new();
    private ITransport carrier = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private JobEvent Start => new() { Kind = JobEventKind.Start, Host = Host, Ledger = "ledger", Session = "session" };

    public async ValueTask InitializeAsync()
    {
        carrier = await store.OpenAsync();
        hosts.Set(new(Host, agentKeys.Public));
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        keys.Dispose();
        agentKeys.Dispose();
    }

    [Fact]
    public async Task A_command_reaches_the_agent_as_it_is_and_the_log_has_it_sealed()
    {
        JobCommand command = new() { Kind = CommandKind.Run, JobId = id, Operation = "node.hostname.get", Request = "{}"u8.ToArray(), StartWithin = 10 };
        var received = FirstAsync(Agent(agentKeys, process), StreamName.Commands);

        await Controller(process).AppendAsync([new(StreamName.Commands, Subjects.Command(Host, id), JobJson.Bytes(command)) { Known = command }], Token);

        var message = await received;
        Assert.Same(command, message.Known);
        Assert.True(message.Signer.IsControllers);
        Assert.True(JobCommand.TryParse(message, out var parsed, out _));
        Assert.Same(command, parsed);
        // From the disk there are only the bytes, which say the same.
        Assert.True(JobCommand.TryParse((await Agent(agentKeys, process).LastAsync(StreamName.Commands, message.Subject, Token))!, out var read, out _));
        Assert.Equal((command.JobId, command.Operation, "{}"), (read.JobId, read.Operation, System.Text.Encoding.UTF8.GetString(read.Request.Span)));
        Assert.Equal(-1, (await carrier.LastAsync(StreamName.Commands, message.Subject, Token))!.Payload.Span.IndexOf("hostname"u8));
    }

    [Fact]
    public async Task A_state_of_the_agent_reaches_the_controller_as_it_is()
    {
        var received = FirstAsync(Controller(process), StreamName.Jobs);

        await new ExecutorLog(Agent(agentKeys, process), id, Host).AppendAsync(Start, condition: null, Token);

        var message = await received;
        Assert.True(JobEvent.TryParse(message, out var state, out _));
        Assert.Same(message.Known, state);
        Assert.Equal((Start, Host), (state, message.Signer.HostKey));
    }

    [Theory]
    [InlineData("another key")]
    [InlineData("another process")]
    [InlineData("a revoked key")]
    public async Task Nothing_else_is_believed_that_would_not_be_without(string from)
    {
        using var others = AgentKeys.Create();
        var received = FirstAsync(Controller(process), StreamName.Jobs);
        if (from == "a revoked key")
            hosts.Set(new(Host, agentKeys.Public) { IsRevoked = true });

        var agent = from == "a revoked key" ? Agent(agentKeys, process) : Agent(others, from == "another process" ? new object() : null);
        await new ExecutorLog(agent, id, Host).AppendAsync(Start, condition: null, Token);

        var message = await received;
        Assert.Null(message.Known);
        Assert.NotNull(message.Rejection);
        Assert.False(JobEvent.TryParse(message, out _, out _));
    }

    private static async Task<Message> FirstAsync(TrustedTransport transport, StreamName stream)
    {
        await foreach (var message in transport.FollowAsync(stream, "", 0, Token))
            return message;
        throw new InvalidOperationException("The log has ended.");
    }

    private TrustedTransport Controller(object? with) =>
        TrustedTransport.ForController(carrier, new(keys), hosts, new(), new SkippedMessages(NullLogger.Instance, TimeProvider.System), process: with);

    private TrustedTransport Agent(AgentKeys with, object? of) =>
        TrustedTransport.ForAgent(carrier, new(Host, with, [keys.Public], static _ => { }), new(), new SkippedMessages(NullLogger.Instance, TimeProvider.System), process: of);
}
