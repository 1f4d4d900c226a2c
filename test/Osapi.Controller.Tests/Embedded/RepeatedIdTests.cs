using System.Globalization;
using Osapi.Client;
using Osapi.Hosting;
using Osapi.Operations;

namespace Osapi.Controller.Tests.Embedded;

/// <summary>Tests of calls that are repeated with the same id while their job ends: each gets the reply, and the job runs once.</summary>
public sealed class RepeatedIdTests(ITestOutputHelper output) : NodeTest
{
    // A quick job takes about 2 ms: the repetitions begin at random moments around its end.
    private const int MaxSpins = 60_000;
    private const int Repetitions = 20;
    private static readonly int Jobs = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 500 : 50;

    [Theory]
    [InlineData("web-01")]
    [InlineData("_any")]
    public Task Each_repetition_of_a_quick_call_is_answered(string target) =>
        RepeatAsync(async (client, options) => (await client.Node.HostnameAsync(target, options, Token)).Hosts.Select(host => host.Outcome));

    [Fact]
    public async Task Each_repetition_of_a_command_is_answered_and_it_runs_once()
    {
        var counter = Path.Combine(directory, "counter");

        await RepeatAsync(async (client, options) => (await client.Command.ShellAsync("web-01", new() { Command = $"echo x >> {counter}" }, options, Token)).Hosts.Select(host => host.Outcome));

        Assert.Equal(Jobs, (await File.ReadAllLinesAsync(counter, Token)).Length);
    }

    private async Task RepeatAsync(Func<OsapiClient, CallOptions, Task<IEnumerable<Outcome>>> callAsync)
    {
        var seed = Environment.GetEnvironmentVariable("OSAPI_TEST_SEED") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"seed {seed} (OSAPI_TEST_SEED), {Jobs * Repetitions} repetitions");
        Random random = new(seed);
        await using var system = await OsapiNode.StartAsync(Options, Token);
        using var client = system.CreateClient();
        for (var job = 0; job < Jobs; job++)
        {
            CallOptions options = new() { JobId = JobId.New() };
            var first = callAsync(client, options);
            List<Task<IEnumerable<Outcome>>> calls = [first];
            for (var repetition = 0; repetition < Repetitions; repetition++)
            {
                Thread.SpinWait(random.Next(MaxSpins / Repetitions));
                calls.Add(callAsync(client, options));
            }

            foreach (var outcomes in await Task.WhenAll(calls))
                Assert.Equal([Outcome.Ok], outcomes);
        }
    }
}
