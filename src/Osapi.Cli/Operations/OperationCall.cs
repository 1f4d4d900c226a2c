using System.Globalization;
using System.Text.Json.Nodes;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Cli.Operations;

/// <summary>One call from the command line.</summary>
/// <param name="Operation">What is called.</param>
/// <param name="Members">The request's members as they were given.</param>
/// <param name="Target">The target as it was given; null for a controller operation.</param>
/// <param name="StartWithin">The bound as it was given; null for the default.</param>
/// <param name="Check">True to be told what would change.</param>
/// <param name="Json">True to print the answer as it came.</param>
internal sealed record OperationCall(Operation Operation, JsonObject Members, string? Target, string? StartWithin, bool Check, bool Json)
{
    public static async Task<int> RunAsync(OperationCall call, ConnectionChoice choice, CancellationToken cancellationToken)
    {
        var (request, target, options) = call.Bind();
        await using var connection = await ControllerConnection.OpenAsync(choice, cancellationToken);
        IOperationInvoker invoker = connection.Client;
        var reply = await invoker.InvokeAsync(call.Operation, request, target, options, cancellationToken);
        if (call.Json)
            Terminal.Line(reply.RawJson ?? reply.Document.GetRawText());
        else if (call.Operation.RunsOn == RunsOn.Host)
            HostEntries.Print(reply);
        else
            JsonTree.Print(reply.Document, indent: 0);
        return reply.Entries.All(entry => entry.Outcome is Outcome.Ok or Outcome.Skipped) ? ExitCode.Ok : ExitCode.Failed;
    }

    // Everything that is wrong with the call is told before anything is started or sent.
    private (object Request, Target? Target, CallOptions Options) Bind()
    {
        List<string> problems = [];
        Target? target = null;
        if (Operation.RunsOn == RunsOn.Host)
        {
            (target, var wrong) = Osapi.Operations.Target.Read(Target);
            if (wrong is not null)
                problems.Add(wrong);
        }

        CallOptions options = new() { Check = Check };
        if (StartWithin is not null)
            if (double.TryParse(StartWithin, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 3600)
                options = options with { StartWithin = TimeSpan.FromSeconds(seconds) };
            else
                problems.Add("start_within must be between 1 and 3600 (seconds)");
        var binding = RequestBinder.Bind(Operation.RequestInfo, Members);
        problems.AddRange(binding.Problems.Select(problem => problem.ToString()));
        return problems.Count == 0
            ? (binding.Value!, target, options)
            : throw new CommandException(ExitCode.BadInput, string.Join('\n', problems));
    }
}
