using System.Text.Json;
using Osapi.Operations;

namespace Osapi.Cli.Rendering;

/// <summary>Prints the predicted changes of a call.</summary>
internal static class CheckLines
{
    public static void Print(CheckResult check, int indent)
    {
        var pad = new string(' ', indent);
        var prediction = check.Changed switch
        {
            true => "would change",
            false => "would not change",
            null => "cannot be predicted",
        };
        Terminal.Out.Line($"{pad}{prediction}{(check.Reason is null ? "" : $": {check.Reason}")}");
        foreach (var line in (check.ContentDiff ?? check.Diff)?.TrimEnd('\n').Split('\n') ?? [])
            Terminal.Out.Line($"{pad}  {line}");
        PrintSetting("before", check.Before, indent);
        PrintSetting("after", check.After, indent);
    }

    private static void PrintSetting(string name, JsonElement? value, int indent)
    {
        if (value is not { ValueKind: JsonValueKind.Object } setting)
            return;
        Terminal.Out.Line(new string(' ', indent) + name);
        JsonTree.Print(setting, indent + 2, TreeOptions.Whole with { AreSettings = true });
    }
}
