using System.Text.Json;
using Osapi.Cli.SavedPlans;
using Osapi.Cli.Tests.Running;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Targets;
using Osapi.Plans.Saved;

namespace Osapi.Cli.Tests.SavedPlans;

/// <summary>
/// Tests that a saved plan is refused after any change of a byte, of the hosts and of their states: 1,000 changes with OSAPI_TEST_FULL=1. The seed is printed, and
/// OSAPI_TEST_SEED repeats one.
/// </summary>
public sealed class MutatedPlanTests(ITestOutputHelper output) : CliTest
{
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1";

    private const string Content = "port=80\n";

    private readonly Random random = new(Seed);
    private OsapiClient client = null!;
    private CheckedInvoker calls = null!;
    private byte[] file = null!;

    private static int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("OSAPI_TEST_SEED"), out var seed) ? seed : Environment.TickCount;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public override async ValueTask InitializeAsync()
    {
        output.WriteLine($"seed {Seed}");
        var system = await fixture.StartSystemAsync();
        client = new(new Uri(system.Url), await fixture.TokenAsync("admin"));
        calls = new(client);
        (await fixture.RunAsync("file", "upload", fixture.File("source", Content), "app", "--content-type", "raw")).With(ExitCode.Ok);
        Set("one", Content);
        var deployments = new[] { "one", "two" }.Select(name => $"  - {{name: {name}, op: file.deploy.execute, target: _all, with: {{object_name: app, path: {fixture.Directory}/{name}, content_type: raw, mode: '0644'}}}}\n");
        var plan = fixture.File("p.yaml", $"name: p\ntasks:\n{string.Concat(deployments)}  - {{name: count, op: command.exec.execute, target: _all, with: {{command: touch, args: [{fixture.Directory}/ran]}}}}\n");
        var saved = Path.Combine(fixture.Directory, "plan.osapi");
        (await fixture.RunAsync("run", plan, "--check", "--save", saved)).With(ExitCode.Ok);
        file = await File.ReadAllBytesAsync(saved, Token);
    }

    public override async ValueTask DisposeAsync()
    {
        client.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_changed_byte_is_refused()
    {
        Assert.Empty(await ProblemsAsync(file));
        for (var count = IsFull ? 600 : 80; count > 0; count--)
        {
            var mutated = Mutated();
            Assert.True((await ProblemsAsync(mutated)).Count > 0, $"seed {Seed}, {count} left: {System.Text.Encoding.UTF8.GetString(mutated)}");
        }

        AssertNothingRan();
    }

    [Fact]
    public async Task Another_state_of_a_host_is_refused()
    {
        for (var count = IsFull ? 250 : 12; count > 0; count--)
        {
            // One file is as it should be, the other one is missing.
            var change = random.Next(4);
            if (change == 0)
                Set("one", null);
            else if (change == 1)
                Set("one", $"{Content}{random.Next()}");
            else if (change == 2)
                File.SetUnixFileMode(PathOf("one"), (UnixFileMode)random.Next(0b110_000_001, 0b110_100_100));
            else
                Set("two", $"{random.Next()}");
            var problem = Assert.Single(await ProblemsAsync(file));
            Assert.Contains(change == 3 ? "two on " : "one on ", problem, StringComparison.Ordinal);
            Set("one", Content);
            Set("two", null);
            if (count % 10 == 0)
                Assert.Empty(await ProblemsAsync(file));
        }

        AssertNothingRan();
    }

    [Fact]
    public async Task Other_hosts_are_refused()
    {
        for (var count = IsFull ? 150 : 8; count > 0; count--)
        {
            calls.Hosts = random.Next(3) switch
            {
                0 => hosts => [.. hosts, new($"web-{random.Next(100)}")],
                1 => _ => [],
                _ => hosts => [hosts[0] with { Hostname = $"{hosts[0].Hostname}-{random.Next(100)}" }],
            };
            Assert.NotEmpty(await ProblemsAsync(file));
            calls.Hosts = null;
            Assert.Empty(await ProblemsAsync(file));
        }

        AssertNothingRan();
    }

    // As osapi apply does it, up to the run.
    private async Task<IReadOnlyList<string>> ProblemsAsync(byte[] bytes)
    {
        try
        {
            var (saved, digest, signature) = SavedPlanJson.Parse(bytes);
            SavedPlanReview review = new(saved, digest, signature);
            if (await review.SignatureProblemAsync(client, Token) is { } forged)
                return [forged];
            var (plan, _) = await review.ReadAsync();
            return await review.SecretsProblemAsync(client, new Dictionary<string, string>(), Token) is { } other ? [other]
                : await review.DifferencesAsync(plan, client, calls, await review.ValuesAsync(plan, client, new Dictionary<string, string>(), Token), Token);
        }
        catch (FormatException exception)
        {
            return [exception.Message];
        }
    }

    private byte[] Mutated()
    {
        while (true)
        {
            var place = random.Next(file.Length);
            var length = random.Next(1, 20);
            byte[] mutated = random.Next(6) switch
            {
                0 => [.. file[..place], (byte)(file[place] ^ (1 << random.Next(8))), .. file[(place + 1)..]],
                1 => [.. file[..place], (byte)random.Next(256), .. file[place..]],
                2 => [.. file[..place], .. file[Math.Min(file.Length, place + length)..]],
                3 => file[..place],
                4 => [.. file[..place], .. file[Math.Max(0, place - length)..]],
                _ => [.. file, .. file[place..]],
            };
            if (!mutated.SequenceEqual(file))
                return mutated;
        }
    }

    private string PathOf(string name) => Path.Combine(fixture.Directory, name);

    private void Set(string name, string? content)
    {
        File.Delete(PathOf(name));
        if (content is null)
            return;
        fixture.File(name, content);
        File.SetUnixFileMode(PathOf(name), (UnixFileMode)0b110_100_100);
    }

    private void AssertNothingRan()
    {
        Assert.Equal(0, calls.Acting);
        Assert.False(File.Exists(Path.Combine(fixture.Directory, "ran")));
    }

    /// <summary>Counts the calls that are no checks, and changes the hosts of targets.</summary>
    private sealed class CheckedInvoker(IOperationInvoker invoker) : IOperationInvoker
    {
        private int acting;

        public int Acting => acting;

        public Func<IReadOnlyList<ResolvedHost>, IReadOnlyList<ResolvedHost>>? Hosts { get; set; }

        public async Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
        {
            if (operation.Idempotency != Idempotency.ReadOnly && options?.Check != true)
                Interlocked.Increment(ref acting);
            var reply = await invoker.SendAsync(operation, request, target, options, cancellationToken);
            if (Hosts is null || request is not ResolveTarget)
                return reply;
            var hosts = Hosts(reply.Document.Deserialize(TargetOperations.Resolve.Result)!.Hosts);
            return new(JsonSerializer.SerializeToElement(new ResolvedTarget { Hosts = hosts, Problem = hosts.Count == 0 ? "target _all matches no host" : null }, TargetOperations.Resolve.Result));
        }
    }
}
