using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Osapi.Cli.Plans;

/// <summary>Reads a secret from the output of a command on this machine, such as a password store. No shell is used.</summary>
internal static class SecretCommand
{
    private const int MaxBytes = 1024 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Returns the output, without one line break at its end.</summary>
    /// <exception cref="InvalidOperationException">The command failed, took too long, or printed nothing.</exception>
    public static async Task<string> ReadAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(Timeout, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        // Its errors and questions go to the terminal.
        ProcessStartInfo start = new(command[0], command.Skip(1)) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 };
        using var process = Begin(start);
        try
        {
            var text = await ReadAsync(process.StandardOutput, either.Token);
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode != 0 ? throw new InvalidOperationException($"{command[0]} ended with exit code {process.ExitCode}")
                : text.Length == 0 ? throw new InvalidOperationException($"{command[0]} printed nothing")
                : text;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new InvalidOperationException($"{command[0]} took longer than {Timeout.TotalSeconds} s");
        }
        finally
        {
            Kill(process);
        }
    }

    private static async Task<string> ReadAsync(StreamReader output, CancellationToken cancellationToken)
    {
        var buffer = new char[MaxBytes + 1];
        var length = await output.ReadBlockAsync(buffer, cancellationToken);
        if (length > MaxBytes)
            throw new InvalidOperationException($"its output is larger than {MaxBytes} bytes");
        var text = new string(buffer, 0, length);
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
    }

    private static Process Begin(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException($"{start.FileName} cannot be started: {exception.Message}");
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It has ended.
        }
    }
}
