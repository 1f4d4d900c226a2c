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

    public static void Print(HostReply entry, int indent)
    {
        var pad = new string(' ', indent);
        var outcome = SnakeCaseName.Of(entry.Outcome);
        Terminal.Out.Styled(
            $"{pad}[bold]{entry.Hostname}[/]  [{OutcomeStyle.Of(entry.Outcome, entry.Changed)}]{outcome}[/]{(entry.Changed ? ", changed" : "")}{(entry.Reachable == false ? ", not reachable" : "")}{(string.IsNullOrEmpty(entry.Error) ? "" : $": {entry.Error}")}");
        if (entry.Check is { } check)
            CheckLines.Print(check, indent + 2);
        if (entry.Result is { } result)
            JsonTree.Print(result, indent + 2, entry.MembersBesideResult);
    }
}
