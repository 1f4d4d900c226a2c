using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Cli.Rendering;

/// <summary>Prints the results of hosts: one line each, with the result below it.</summary>
internal static class HostReplies
{
    public static void Print(OperationReply reply)
    {
        foreach (var entry in reply.Hosts)
            Print(entry, indent: 0);
    }

    /// <summary>Prints the outcomes without the results.</summary>
    public static void PrintOutcomes(OperationReply reply)
    {
        foreach (var entry in reply.Hosts)
            PrintOutcome(entry, pad: "");
    }

    public static void Print(HostReply entry, int indent)
    {
        PrintOutcome(entry, new string(' ', indent));
        if (entry.Check is { } check)
            CheckLines.Print(check, indent + 2);
        if (entry.Result is { } result)
            JsonTree.Print(result, indent + 2, entry.MembersBesideResult);
    }

    private static void PrintOutcome(HostReply entry, string pad)
    {
        var outcome = SnakeCaseName.Of(entry.Outcome);
        Terminal.Out.Styled(
            $"{pad}[bold]{entry.Hostname}[/]  [{OutcomeStyle.Of(entry.Outcome, entry.Changed)}]{outcome}[/]{(entry.Changed ? ", changed" : "")}{(entry.Reachable == false ? ", not reachable" : "")}{(string.IsNullOrEmpty(entry.Error) ? "" : $": {entry.Error}")}");
    }
}
