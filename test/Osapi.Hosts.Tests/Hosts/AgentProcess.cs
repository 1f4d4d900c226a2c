using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations;

namespace Osapi.Hosts.Tests.Hosts;

/// <summary>The test executable inside a host: one request per line comes in, one reply per line goes out.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    public const string Argument = "--agent";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly Process process;

    public AgentProcess(IReadOnlyList<string> command)
    {
        var start = Tool.Start(command);
        // Otherwise the runtime uses a home directory and other paths that a host need not have.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.RedirectStandardError = false;
        process = Process.Start(start)!;
    }

    /// <summary>Sends one operation, and waits for its reply.</summary>
    public async Task<HostReply> ExecuteAsync(string operation, JsonElement request, bool check, CancellationToken cancellationToken)
    {
        await process.StandardInput.WriteLineAsync($$"""{"operation":"{{operation}}","check":{{(check ? "true" : "false")}},"request":{{request.GetRawText()}}}""");
        await process.StandardInput.FlushAsync(cancellationToken);
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Bound, cancellationToken);
        return HostReply.Read(JsonElement.Parse(line ?? throw new InvalidOperationException("the agent in the host ended")));
    }

    /// <summary>Kills the process inside the host, and only it.</summary>
    public void Kill()
    {
        foreach (var id in Descendants(process.Id).Append(process.Id).Where(id => File.ReadAllText($"/proc/{id}/cmdline").Split('\0') is [_, Argument, ..]))
            Process.GetProcessById(id).Kill();
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private static IEnumerable<int> Descendants(int id) => File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(child => int.Parse(child, System.Globalization.CultureInfo.InvariantCulture)).SelectMany(child => Descendants(child).Prepend(child));

    /// <summary>Runs the process inside the host.</summary>
    public static async Task<int> ServeAsync(string[] args)
    {
        Host host = new() { Name = Environment.MachineName, CustomFacts = args.Skip(1).Select(fact => fact.Split('=', 2)).ToDictionary(fact => fact[0], fact => fact[1]) };
        OperationExecutor execution = new(AgentHandlers.All, host);
        using StreamReader input = new(Console.OpenStandardInput(), Encoding.UTF8);
        await using var output = Console.OpenStandardOutput();
        while (await input.ReadLineAsync() is { } line)
        {
            var asked = JsonElement.Parse(line);
            var entry = await execution.RunAsync(asked.GetProperty("operation").GetString()!, Encoding.UTF8.GetBytes(asked.GetProperty("request").GetRawText()), asked.GetProperty("check").GetBoolean(), CancellationToken.None);
            ArrayBufferWriter<byte> json = new();
            await using (Utf8JsonWriter writer = new(json))
                entry.Write(writer);
            json.Write("\n"u8);
            await output.WriteAsync(json.WrittenMemory);
            await output.FlushAsync();
        }

        return 0;
    }
}
