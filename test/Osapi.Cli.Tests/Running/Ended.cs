namespace Osapi.Cli.Tests.Running;

/// <summary>What a process left behind.</summary>
internal sealed record Ended(int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.TrimEnd('\n').Split('\n');

    public string[] ErrorLines => Error.TrimEnd('\n').Split('\n');

    /// <summary>Fails with everything that the process said when it ended with another code.</summary>
    public Ended With(int exitCode)
    {
        if (ExitCode != exitCode)
            Assert.Fail($"exit code {ExitCode} instead of {exitCode}\n{Output}\n{Error}");
        return this;
    }
}
