using System.Text.Json.Serialization.Metadata;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Cli.Rendering;

/// <summary>Prints the results of hosts: one line each, with the result below it.</summary>
internal static class HostReplies
{
    /// <summary>Prints the whole results.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="contract">The contract of the results, for the units of their members.</param>
    public static void Print(OperationReply reply, JsonTypeInfo contract)
    {
        foreach (var entry in reply.Hosts)
            Print(entry.Hostname, entry, indent: 0, TreeOptions.Whole with { Contract = contract });
    }

    /// <summary>Prints the outcomes without the results.</summary>
    public static void PrintOutcomes(OperationReply reply)
    {
        foreach (var entry in reply.Hosts)
            PrintOutcome(entry.Hostname, entry, pad: "");
    }

    /// <summary>Prints one result.</summary>
    /// <param name="name">The name of the host, or of all hosts with this result.</param>
    /// <param name="entry">The result.</param>
    /// <param name="indent">The number of spaces before each line.</param>
    /// <param name="options">The form of the result.</param>
    public static void Print(string name, HostReply entry, int indent, TreeOptions options)
    {
        PrintOutcome(name, entry, new string(' ', indent));
        if (entry.Check is { } check)
            CheckLines.Print(check, indent + 2);
        if (entry.Result is { } result)
            JsonTree.Print(result, indent + 2, options with { Excluded = entry.MembersBesideResult });
    }

    private static void PrintOutcome(string name, HostReply entry, string pad)
    {
        var outcome = SnakeCaseName.Of(entry.Outcome);
        Terminal.Out.Styled(
            $"{pad}[bold]{name}[/]  [{OutcomeStyle.Of(entry.Outcome, entry.Changed)}]{outcome}[/]{(entry.Changed ? ", changed" : "")}{(entry.Reachable == false ? ", not reachable" : "")}{(string.IsNullOrEmpty(entry.Error) ? "" : $": {entry.Error}")}");
    }
}
