using System.Text;
using Microsoft.Extensions.Time.Testing;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Handlers;

/// <summary>A fixture of a host whose clock stands still, with its log.</summary>
internal sealed class ExecutionFixture
{
    private readonly Host host;

    public ExecutionFixture() => host = new() { Name = "web-01", Time = Time, Logger = new ExceptionLogger(UnexpectedExceptions) };

    public FakeTimeProvider Time { get; } = new();

    /// <summary>The unexpected exceptions of handlers.</summary>
    public List<Exception> UnexpectedExceptions { get; } = [];

    public Task<HostReply> RunAsync(Operation<Act, ActResult> operation, Handler<Act, HandlerResult<ActResult>> handler, string request = """{"name":"x"}""", CancellationToken? cancellationToken = null) =>
        new OperationExecutor(new() { { operation, handler } }, host)
            .RunAsync(operation.Id, Encoding.UTF8.GetBytes(request), check: false, cancellationToken ?? TestContext.Current.CancellationToken);

    public Task<HostReply> RunAsync(Operation<Act, ActResult> operation, Func<HandlerResult<ActResult>> answer) =>
        RunAsync(operation, (_, _, _) => Task.FromResult(answer()));

    public Task<HostReply> RunUnknownAsync() =>
        new OperationExecutor([], host).RunAsync("act.gone.get", default, check: false, TestContext.Current.CancellationToken);
}
