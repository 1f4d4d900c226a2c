using System.Text.Json;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations;
using Osapi.Operations.Command;

namespace Osapi.Agent.Tests.Command;

/// <summary>A fixture for commands that really run on this machine, with a directory for their files.</summary>
internal sealed class CommandFixture : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("osapi-command-");

    public Host Host { get; init; } = new() { Name = "here" };

    public string Path(string name = "") => System.IO.Path.Join(directory.FullName, name);

    public Task<HostReply> RunAsync<TRequest>(Operation<TRequest, CommandResult> operation, TRequest request, CancellationToken? cancellationToken = null)
        where TRequest : CommandRequest =>
        new OperationExecutor(AgentHandlers.All, Host).RunAsync(
            operation.Id, JsonSerializer.SerializeToUtf8Bytes(request, operation.Request), check: false, Host.Marker, cancellationToken ?? TestContext.Current.CancellationToken);

    public Task<HostReply> ExecAsync(string command, params string[] args) => RunAsync(CommandOperations.Exec, new() { Command = command, Args = args });

    public Task<HostReply> ShellAsync(string line) => RunAsync(CommandOperations.Shell, new() { Command = line });

    /// <summary>Runs a program that must succeed, and gets its result.</summary>
    public async Task<CommandResult> ResultAsync(ExecCommand request) => Ok(await RunAsync(CommandOperations.Exec, request));

    /// <summary>Runs a line that must succeed, and gets its result.</summary>
    public async Task<CommandResult> ResultAsync(ShellCommand request) => Ok(await RunAsync(CommandOperations.Shell, request));

    public void Dispose() => directory.Delete(recursive: true);

    /// <summary>Gets the result in a reply.</summary>
    public static CommandResult ResultOf(HostReply entry) => entry.As(CommandOperations.Exec.Result).Result!;

    private static CommandResult Ok(HostReply entry)
    {
        Assert.Equal((Outcome.Ok, null, true), (entry.Outcome, entry.Error, entry.Changed));
        return ResultOf(entry);
    }
}
