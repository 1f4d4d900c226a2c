using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Json;

namespace Osapi.Cli.Operations;

/// <summary>A validated call from the command line.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Request">The request, of the operation's request type.</param>
/// <param name="Target">The target hosts; null for a controller operation.</param>
/// <param name="Options">The options of the call.</param>
internal sealed record OperationCall(Operation Operation, object Request, Target? Target, CallOptions Options)
{
    /// <summary>Validates a call; returns null and adds to the list when there are problems.</summary>
    public static OperationCall? Read(Operation operation, JsonObject members, string? target, string? startWithin, bool check, List<string> problems)
    {
        var problemsBefore = problems.Count;
        Target? hosts = null;
        if (operation.RunsOn == RunsOn.Host)
        {
            (hosts, var problem) = Osapi.Operations.Target.Read(target);
            if (problem is not null)
                problems.Add(problem);
        }

        CallOptions options = new() { Check = check };
        if (startWithin is not null)
            if (double.TryParse(startWithin, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 3600)
                options = options with { StartWithin = TimeSpan.FromSeconds(seconds) };
            else
                problems.Add("start_within must be between 1 and 3600 (seconds)");
        var binding = RequestBinder.Bind(operation.RequestInfo, members);
        problems.AddRange(binding.Problems.Select(problem => problem.ToString()));
        return problems.Count == problemsBefore ? new(operation, binding.Value!, hosts, options) : null;
    }

    public async Task<int> RunAsync(ConnectionSettings settings, bool json, CancellationToken cancellationToken)
    {
        await using var connection = await ControllerConnection.OpenAsync(settings, cancellationToken);
        IOperationInvoker invoker = connection.Client;
        var reply = await InvokeAsync(invoker, json, cancellationToken);
        if (json)
            Terminal.Raw(reply.RawJson ?? reply.Document.GetRawText());
        else if (Operation.RunsOn == RunsOn.Host)
            HostReplies.Print(reply);
        else if (reply.Check is { } check)
            CheckLines.Print(check, indent: 0);
        else if (Operation == AgentOperations.List)
            AgentTable.Print(reply.Document.Deserialize(AgentOperations.List.Result)!, TimeProvider.System.GetUtcNow());
        else if (!JobViews.TryPrint(Operation, Request, reply.Document))
            JsonTree.Print(reply.Document, indent: 0);
        return reply.Succeeded && reply.Hosts.All(entry => entry.Outcome is Outcome.Ok or Outcome.Skipped) ? ExitCode.Ok : ExitCode.Failed;
    }

    private async Task<OperationReply> InvokeAsync(IOperationInvoker invoker, bool json, CancellationToken cancellationToken)
    {
        try
        {
            return await invoker.InvokeAsync(Operation, Request, Target, Options, cancellationToken);
        }
        catch (ApiException exception) when (json && exception.RawJson is not null)
        {
            // An error response is printed, too; its message also goes to standard error.
            Terminal.Raw(exception.RawJson);
            throw;
        }
    }
}
