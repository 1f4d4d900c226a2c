using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests.Hosting;

/// <summary>
/// Tests of a system that is killed at the moment it starts commands: nothing it leaves behind blocks the next one.
/// </summary>
public sealed class KilledStartsTests(ITestOutputHelper output) : CliTest
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 500 : 15;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_starts_again_at_once_whenever_it_was_killed()
    {
        var seed = Environment.GetEnvironmentVariable("OSAPI_TEST_SEED") is { Length: > 0 } given ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"seed {seed} (OSAPI_TEST_SEED), {Rounds} rounds");
        Random random = new(seed);
        var token = await fixture.TokenAsync("admin");
        var system = await fixture.StartSystemAsync();
        var ledger = await LedgerAsync(system, token);
        List<TimeSpan> restarts = [];
        var ended = 0;

        for (var round = 0; round < Rounds; round++)
        {
            ended += await KillAsync(system, token, clients: random.Next(1, 5), after: random.Next(1, 12), spins: random.Next(200_000));
            var start = Stopwatch.GetTimestamp();
            system = await fixture.StartSystemAsync();
            restarts.Add(Stopwatch.GetElapsedTime(start));
        }

        output.WriteLine($"{ended} commands ended; restarts: median {restarts.Order().ElementAt(Rounds / 2).TotalMilliseconds:F0} ms, longest {restarts.Max().TotalMilliseconds:F0} ms");
        system.Program.Signal(RunningProgram.Terminate);
        (await system.Program.EndAsync()).With(0);
        await NothingIsLeftAsync(ledger);
    }

    // Clients run commands one after the other; the kill comes at a random moment after this many have ended.
    private static async Task<int> KillAsync(RunningSystem system, string token, int clients, int after, int spins)
    {
        var ended = 0;
        TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var http = system.Http(token);
        var calls = Enumerable.Range(0, clients).Select(_ => Task.Run(CallAsync, Token)).ToList();
        await enough.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, Token);
        Thread.SpinWait(spins);
        system.Program.Signal(RunningProgram.Kill);
        await system.Program.EndAsync();
        await Task.WhenAll(calls);
        return ended;

        async Task CallAsync()
        {
            try
            {
                while (true)
                {
                    using var answer = await ExecAsync(http, """{"command":"true"}""");
                    if (Interlocked.Increment(ref ended) == after)
                        enough.SetResult();
                }
            }
            catch (HttpRequestException)
            {
                // It was killed.
            }
        }
    }

    private static async Task<string> LedgerAsync(RunningSystem system, string token)
    {
        using var http = system.Http(token);
        using var answer = await ExecAsync(http, """{"command":"printenv","args":["OSAPI_JOB"]}""");
        using var json = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(Token), cancellationToken: Token);
        // "JOB.LEDGER"; it becomes the end of the name of each job's control group.
        return json.RootElement.GetProperty("results")[0].GetProperty("stdout").GetString()!.Trim().Split(':')[^1].Split('.', 2)[1];
    }

    private static async Task<HttpResponseMessage> ExecAsync(HttpClient http, string request)
    {
        using StringContent body = new(request, Encoding.UTF8, "application/json");
        return await http.PostAsync(new Uri("node/_any/command/exec", UriKind.Relative), body, Token);
    }

    private async Task NothingIsLeftAsync(string ledger)
    {
        // A last command may still be ending.
        for (var start = Stopwatch.GetTimestamp(); Processes().Count > 0 && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10);)
            await Task.Yield();
        Assert.Empty(Processes());
        Assert.Empty(Groups(ledger));
    }

    // Every process started from here has this directory in its environment.
    private List<string> Processes()
    {
        var mark = Encoding.UTF8.GetBytes(fixture.StateDirectory);
        return [.. Directory.EnumerateDirectories("/proc").Where(IsOurs)];

        bool IsOurs(string process)
        {
            try
            {
                return char.IsAsciiDigit(process[6]) && File.ReadAllBytes(Path.Join(process, "environ")).AsSpan().IndexOf(mark) >= 0;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    private static IEnumerable<string> Groups(string ledger) =>
        from mount in File.ReadLines("/proc/mounts").Select(line => line.Split(' '))
        where mount[2] == "cgroup2"
        from place in Directory.EnumerateDirectories(mount[1], $"osapi-*.{ledger}", SearchOption.AllDirectories)
        select place;
}
