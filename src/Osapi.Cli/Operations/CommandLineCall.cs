using System.Globalization;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Cli.Rendering.Lists;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Cli.Operations;

/// <summary>One validated call from the command line.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Json">The request as JSON, as it is sent.</param>
/// <param name="Request">The same as a value of the operation's request type.</param>
/// <param name="Target">The hosts; null for a controller operation.</param>
/// <param name="Options">The options of the call.</param>
internal sealed record CommandLineCall(Operation Operation, ReadOnlyMemory<byte> Json, object Request, Target? Target, CallOptions Options)
{
    /// <summary>Parses the arguments of a call; returns null when there are problems, which are added to the list.</summary>
    public static CommandLineCall? Read(Operation operation, ReadOnlyMemory<byte> request, string? target, string? startWithin, bool check, List<string> problems)
    {
        var before = problems.Count;
        Target? hosts = null;
        if (operation.RunsOn == RunsOn.Host && !Osapi.Operations.Target.TryParse(target, out hosts, out var targetProblem))
            problems.Add(targetProblem);

        CallOptions options = new() { Check = check };
        if (startWithin is not null)
            if (double.TryParse(startWithin, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 3600)
                options = options with { StartWithin = TimeSpan.FromSeconds(seconds) };
            else
                problems.Add("start_within must be between 1 and 3600 (seconds)");
        var binding = RequestBinder.Bind(operation.RequestInfo, request);
        problems.AddRange(binding.Problems.Select(problem => problem.ToString()));
        return problems.Count == before ? new(operation, binding.Json, binding.Value!, hosts, options) : null;
    }

    /// <summary>True to print the output of the hosts while they run.</summary>
    public bool Follow { get; init; }

    /// <summary>True to change several hosts without a question.</summary>
    public bool Yes { get; init; }

    /// <summary>The form of a list.</summary>
    public ListOutput List { get; init; }

    public async Task<int> RunAsync(ConnectionSettings choice, bool json, CancellationToken cancellationToken)
    {
        await using var connection = await ControllerConnection.OpenAsync(choice, cancellationToken);
        if (Target is not null && !Options.Check && !Yes && !await BroadcastQuestion.AskAsync(connection.Client, Operation, Target, cancellationToken))
            return ExitCode.Cancelled;
        var reply = await (Follow ? FollowAsync(connection.Client, cancellationToken) : SendAsync(connection.Client, json, cancellationToken));
        if (Follow)
            HostReplies.PrintOutcomes(reply);
        else if (json)
            Terminal.Raw(reply.IsCopied ? "" : reply.RawJson ?? reply.Document.GetRawText());
        else if (Operation.RunsOn == RunsOn.Host)
            HostReplies.Print(reply, Operation.ResultInfo);
        else if (reply.Check is { } check)
            CheckLines.Print(check, indent: 0);
        else if (ListView.ItemsOf(Operation) is not null)
            ListView.Print(Operation, reply.Document, List);
        else if (!JobViews.TryPrint(Operation, Request, reply.Document) && !RunViews.TryPrint(Operation, Request, reply.Document))
            JsonTree.Print(reply.Document, indent: 0, TreeOptions.Whole with { Contract = Operation.ResultInfo });
        return reply.Succeeded && reply.Hosts.All(entry => entry.Outcome is Outcome.Ok or Outcome.Skipped) ? ExitCode.Ok : ExitCode.Failed;
    }

    private async Task<OperationReply> FollowAsync(OsapiClient client, CancellationToken cancellationToken)
    {
        // The output is printed as it comes, and not again from the answer.
        var options = Options with { JobId = JobId.New(), MaxOutput = 0 };
        using FollowedCall call = new(client, options.JobId.Value);
        return await call.RunAsync(() => client.SendJsonAsync(Operation, Json, Target, options, cancellationToken), cancellationToken);
    }

    private async Task<OperationReply> SendAsync(OsapiClient client, bool json, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SendJsonAsync(Operation, Json, Target, json ? Options with { MaxOutput = long.MaxValue, ResponseCopy = static bytes => Terminal.Output.Write(bytes.Span) } : Options, cancellationToken);
        }
        catch (ApiException exception) when (json && exception.RawJson is not null)
        {
            // A rejected call has a JSON body, too; its message also goes to standard error.
            Terminal.Raw(exception.RawJson);
            throw;
        }
    }
}
