namespace Osapi.Agent.Command;

/// <summary>A line for the shell (sh(1)).</summary>
internal static class ShellLine
{
    public const string Program = "/bin/sh";

    // The double hyphen ends the shell's options, so that a line may begin with a hyphen.
    public static IReadOnlyList<string> Arguments(string line) => ["-c", "--", line];
}
