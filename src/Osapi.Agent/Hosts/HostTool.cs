using Osapi.Agent.Hosts.Processes;
using Osapi.Operations;

namespace Osapi.Agent.Hosts;

/// <summary>The output of one of the machine's own tools.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">The standard output.</param>
/// <param name="Error">The standard error.</param>
internal sealed record ToolOutput(int ExitCode, string Output, string Error)
{
    /// <summary>The exit code for a missing tool, as a shell returns it.</summary>
    public const int NotFoundExitCode = 127;

    /// <summary>The tool's error text in one line.</summary>
    public string ErrorText => string.Join(' ', (Error.Length > 0 ? Error : Output).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } text
        ? text
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"exit code {ExitCode}");
}

/// <summary>
/// Runs tools of the machine, such as resolvectl: short, trusted, with fixed arguments, in the C locale. Not for
/// commands of callers.
/// </summary>
internal static class HostTool
{
    // The program parses such a tool's output; more than this is not a valid answer.
    private const int OutputLimit = 4 * 1024 * 1024;

    private static readonly IReadOnlyDictionary<string, string> Environment = new Dictionary<string, string> { ["LC_ALL"] = "C", ["SYSTEMD_COLORS"] = "0", ["SYSTEMD_PAGER"] = "" };

    public static async Task<ToolOutput> RunAsync(string name, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        // Without a control group: one with a random marker would stay behind when the agent is killed.
        Host host = new() { Name = name, AgentCgroup = null, OutputLimit = OutputLimit };
        try
        {
            var end = await host.RunAsync(new ProcessRequest(name, arguments) { Environment = Environment }, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return new(end.Exit.Code, end.Output.Text, end.Exit.Signal is { } signal ? $"ended by {signal}" : end.Error.Text);
        }
        catch (OperationException exception) when (exception.Type is ErrorType.NotFound or ErrorType.Conflict)
        {
            return new(ToolOutput.NotFoundExitCode, "", $"there is no {name} on this host");
        }
    }

    /// <summary>Runs a tool that must succeed.</summary>
    /// <exception cref="OperationException">The tool failed; the message contains its output.</exception>
    public static async Task<string> ToolMustAsync(this Host host, string name, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var output = await host.ToolAsync(name, arguments, cancellationToken);
        return output.ExitCode == 0
            ? output.Output
            : throw new OperationException(ErrorType.Failed, $"{name} {string.Join(' ', arguments)}: {output.ErrorText}");
    }
}
