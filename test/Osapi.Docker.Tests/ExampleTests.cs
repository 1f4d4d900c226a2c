using System.Diagnostics;
using System.Reflection;
using Osapi.Docker.Tests.Engines;

namespace Osapi.Docker.Tests;

/// <summary>
/// Tests of the container workflow, as a program and as a plan file: pull, create, parallel work, one failing step, and
/// cleanup.
/// </summary>
[Collection(nameof(ExampleTests))]
public sealed class ExampleTests(SharedEngines engines)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static string Repository { get; } = Path.GetFullPath(Path.Combine(Value("ProjectDirectory"), "..", ".."));

    // The published executable when OSAPI_BIN names it.
    private static string Osapi { get; } = Environment.GetEnvironmentVariable("OSAPI_BIN") is { Length: > 0 } published ? published : Built("Osapi.Cli", "osapi");

    [Fact]
    public async Task The_program_cleans_up_although_a_step_failed()
    {
        var (engine, image) = await PrepareAsync("example-program:1");

        var (code, output) = await RunAsync(Built("Orchestrator.Examples", "Orchestrator.Examples"), engine, ("OSAPI_EXAMPLE_IMAGE", image), "containers");

        Assert.Equal(0, code);
        Assert.Equal(
            """
            pull: changed
            create: changed
            who: changed
            where: changed
            fails: failed, exit code 3: on purpose
            clean-up: changed
            who says: root
            where says: /
            6 tasks, 5 changed, 1 failed

            """,
            output);
        Assert.DoesNotContain("osapi-example", await engine.ContainersAsync());
        await engine.Client.Images.DeleteImageAsync(image, new() { Force = true }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_plan_file_cleans_up_although_a_step_failed()
    {
        var (engine, image) = await PrepareAsync("example-plan:1");
        var directory = Directory.CreateTempSubdirectory("osapi-containers-").FullName;
        var plan = Path.Join(directory, "containers.yaml");
        await File.WriteAllTextAsync(plan, (await File.ReadAllTextAsync(Path.Join(Repository, "examples", "containers.yaml"), TestContext.Current.CancellationToken)).Replace("alpine:3.20", image, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var (code, output) = await RunAsync(Osapi, engine, ("OSAPI_STATE_DIR", Path.Join(directory, "state")), "run", plan);

        Assert.Equal(1, code);
        Assert.EndsWith("6 tasks, 5 changed, 1 failed", output.TrimEnd(), StringComparison.Ordinal);
        Assert.Contains("exit code 3: on purpose", output, StringComparison.Ordinal);
        Assert.DoesNotContain("osapi-example", await engine.ContainersAsync());
        await engine.Client.Images.DeleteImageAsync(image, new() { Force = true }, TestContext.Current.CancellationToken);
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Commands_do_the_same_from_a_shell()
    {
        var engine = await engines.EngineAsync();
        await using DockerFixture fixture = new(engine);
        var directory = Directory.CreateTempSubdirectory("osapi-docker-cli-").FullName;
        Task<(int Code, string Output)> OsapiAsync(params string[] arguments) => RunAsync(Osapi, engine, ("OSAPI_STATE_DIR", Path.Join(directory, "state")), ["docker", .. arguments]);

        var created = await OsapiAsync("create", "--image", TestEngine.Image, "--name", fixture.Name(), "--network", "none", "--env", "A=1", "--label", "x");
        var bad = await OsapiAsync("create", "--image", TestEngine.Image, "--name", fixture.Name(), "--network", "none", "--env", "A", "--ports", "80", "--volumes", "data");
        var good = await OsapiAsync("create", "--image", TestEngine.Image, "--name", fixture.Name(), "--network", "none", "--env", "A=1", "--labels", "team=web");
        var ran = await OsapiAsync("exec", fixture.Name(), "--command", "sh", "--command=-c", "--command", "echo $A", "--json");
        var gone = await OsapiAsync("inspect", fixture.Name("nothing"));
        var removed = await OsapiAsync("remove", fixture.Name(), "--force", "true");

        Assert.Equal(2, created.Code);
        Assert.Equal(2, bad.Code);
        foreach (var problem in (string[])["env", "ports", "volumes"])
            Assert.Contains($"{problem}[0] must be", bad.Output, StringComparison.Ordinal);
        Assert.Equal(0, good.Code);
        Assert.Contains("\"stdout\":\"1\\n\"", ran.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, gone.Code);
        Assert.Equal(0, removed.Code);
        Directory.Delete(directory, recursive: true);
    }

    private async Task<(TestEngine Engine, string Image)> PrepareAsync(string name)
    {
        var engine = await engines.EngineAsync();
        var registry = await engines.RegistryAsync(withUser: false);
        await registry.PushAsync(engine, name, name);
        return (engine, $"{registry.Name}/{name}");
    }

    private static async Task<(int Code, string Output)> RunAsync(string file, TestEngine engine, (string Name, string Value) variable, params IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("OSAPI_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["OSAPI_CONFIG"] = "/dev/null";
        start.Environment["DOCKER_HOST"] = engine.Address;
        start.Environment[variable.Name] = variable.Value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Bound, TestContext.Current.CancellationToken);
            return (process.ExitCode, await output + await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static string Built(string project, string name) => Path.Combine(Value("Artifacts"), "bin", project, Value("Configuration").ToLowerInvariant(), name);

    private static string Value(string key) => typeof(ExampleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
