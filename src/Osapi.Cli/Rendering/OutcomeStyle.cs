using Osapi.Operations;

namespace Osapi.Cli.Rendering;

/// <summary>The colour of an outcome, which is always printed as text, too.</summary>
internal static class OutcomeStyle
{
    public static string Of(Outcome outcome, bool changed) => outcome switch
    {
        Outcome.Ok when changed => "yellow",
        Outcome.Ok => "green",
        Outcome.Skipped => "grey",
        Outcome.Running => "blue",
        _ => "red",
    };
}
