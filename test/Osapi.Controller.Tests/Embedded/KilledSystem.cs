using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Osapi.Hosting;

namespace Osapi.Controller.Tests.Embedded;

/// <summary>The entry point of a process whose system accepts jobs until it is killed, and reports them.</summary>
internal static class KilledSystem
{
    public const string Argument = "--accept-jobs-until-killed";

    public const string ActArgument = "--act-until-killed";

    public const string WaitArgument = "--wait-until-told-to-stop";

    /// <summary>Runs the system until it gets a signal, as <c>osapi start</c> does.</summary>
    public static async Task<int> WaitAsync(string directory)
    {
        // Signals belong to the program, not to a library in it.
        using CancellationTokenSource stopRequested = new();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopRequested.Cancel();
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await using var system = await OsapiNode.StartAsync(new() { StateDirectory = directory });
        Console.WriteLine("ready");
        try
        {
            await system.WaitForShutdownAsync(stopRequested.Token);
            return 1;
        }
        catch (OperationCanceledException) when (stopRequested.IsCancellationRequested)
        {
            return 7;
        }
    }

    /// <summary>Creates files by commands on the host, each named after its job, and reports each.</summary>
    public static async Task<int> ActAsync(string directory, string markers)
    {
        await using var system = await OsapiNode.StartAsync(new() { StateDirectory = directory, Agent = new() { Hostname = "web-01" }, Controller = new() { Urls = [new("http://127.0.0.1:0")] } });
        using HttpClient http = new() { BaseAddress = new(system.Urls[0]), DefaultRequestHeaders = { Authorization = new("Bearer", AdminToken.Of(directory)) } };
        using var output = Console.OpenStandardOutput();
        Lock gate = new();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(ActForEverAsync)));
        return 1;

        async Task ActForEverAsync()
        {
            while (true)
            {
                var job = Guid.NewGuid().ToString();
                using HttpRequestMessage message = new(HttpMethod.Post, "/node/web-01/command/exec");
                message.Headers.Add("Idempotency-Key", job);
                message.Content = new StringContent($$"""{"command":"touch","args":["{{Path.Combine(markers, job)}}"]}""", Encoding.UTF8, "application/json");
                using var response = await http.SendAsync(message);
                lock (gate)
                    output.Write("done\n"u8);
            }
        }
    }

    public static async Task<int> RunAsync(string directory)
    {
        await using var system = await OsapiNode.StartAsync(new() { StateDirectory = directory, Agent = new() { Hostname = "web-01" }, Controller = new() { Urls = [new("http://127.0.0.1:0")] } });
        using HttpClient http = new() { BaseAddress = new(system.Urls[0]), DefaultRequestHeaders = { Authorization = new("Bearer", AdminToken.Of(directory)) } };
        using var output = Console.OpenStandardOutput();
        Lock gate = new();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(() => SubmitAsync(caller))));
        return 1;

        async Task SubmitAsync(int caller)
        {
            string[] targets = ["_any", "_all", "web-01"];
            for (var i = caller; ; i++)
            {
                using HttpRequestMessage message = new(HttpMethod.Get, $"/node/{targets[i % 3]}/hostname");
                message.Headers.Add("Prefer", "respond-async");
                using var response = await http.SendAsync(message);
                if (response.StatusCode != HttpStatusCode.Accepted)
                    continue;
                // One write per line: a pipe takes it all or not at all, even when the process is killed.
                var line = Encoding.ASCII.GetBytes(response.Headers.Location!.ToString().Split('/')[^1] + "\n");
                lock (gate)
                    output.Write(line);
            }
        }
    }
}
