using System.Text.Json;

namespace Osapi.Cli.Tests.Running;

/// <summary>The result of a process: its exit code and its output.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.TrimEnd('\n').Split('\n');

    public string[] ErrorLines => Error.TrimEnd('\n').Split('\n');

    /// <summary>The report of <c>osapi run --json</c>: the last line.</summary>
    public JsonElement Report => JsonElement.Parse(Lines[^1]);

    /// <summary>Checks the exit code; fails with the whole output when it differs.</summary>
    public ProcessResult With(int exitCode)
    {
        if (ExitCode != exitCode)
            Assert.Fail($"exit code {ExitCode} instead of {exitCode}\n{Output}\n{Error}");
        return this;
    }
}
