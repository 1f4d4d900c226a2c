using System.ComponentModel;
using System.Diagnostics;
using Osapi.Operations;

namespace Osapi.Agent.Hosts;

/// <summary>What one of the machine's own tools answered.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
internal sealed record ToolOutput(int ExitCode, string Output, string Error)
{
    /// <summary>The exit code for a tool that the machine does not have, as a shell gives it.</summary>
    public const int NotThere = 127;

    /// <summary>What it had to say, in one line.</summary>
    public string Complaint => string.Join(' ', (Error.Length > 0 ? Error : Output).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } text
        ? text
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"exit code {ExitCode}");
}

/// <summary>
/// Runs tools that are part of the machine, such as resolvectl: short, trusted, with fixed arguments, in the C locale. Not for
/// what a caller wants to have run.
/// </summary>
internal static class HostTool
{
    public static async Task<ToolOutput> RunAsync(string name, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(name, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        start.Environment["SYSTEMD_COLORS"] = "0";
        start.Environment["SYSTEMD_PAGER"] = "";
        using Process process = new() { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return new(ToolOutput.NotThere, "", $"there is no {name} on this host");
        }

        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Runs a tool that must succeed.</summary>
    /// <exception cref="OperationException">It did not; the message holds what it said.</exception>
    public static async Task<string> ToolMustAsync(this Host host, string name, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var output = await host.ToolAsync(name, arguments, cancellationToken);
        return output.ExitCode == 0
            ? output.Output
            : throw new OperationException(ErrorType.Failed, $"{name} {string.Join(' ', arguments)}: {output.Complaint}");
    }
}
