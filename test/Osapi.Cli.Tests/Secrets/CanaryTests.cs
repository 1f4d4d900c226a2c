using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Osapi.Cli.Tests.Running;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Cli.Tests.Secrets;

/// <summary>
/// Tests of where secrets are found afterwards: they are given to every operation that takes one, in every way in which a job can end, and while everything is killed. They are
/// in no file, no log, no answer, and in the command line and environment of no process but the host program's own.
/// </summary>
public sealed partial class CanaryTests(ITestOutputHelper output) : CliTest
{
    private readonly Canaries canaries = new();
    private SecretSystem system = null!;
    private string url = "";
    private string template = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        system = new(fixture, canaries);
        fixture.Environment["OSAPI_CONTROLLER_SIGNING_KEY"] = Path.Combine(fixture.Directory, "signing.key");
        // What any part writes to a temporary file is found as well.
        fixture.Environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(fixture.Directory, "tmp")).FullName;
        // The pipes of the runtime's debugger would be there as well, and the search would wait for their other ends.
        fixture.Environment["DOTNET_EnableDiagnostics"] = "0";
        // The tests of containers have engines; here their operations fail.
        fixture.Environment["OSAPI_AGENT_DOCKER_HOST"] = $"unix://{fixture.Directory}/no-engine.sock";
        // The tests of users have hosts whose accounts may change. Here, the agents get the secrets and refuse the operations.
        fixture.Environment["OSAPI_AGENT_DENY_OPERATIONS"] = "user.*";
        template = fixture.File("template", "{{ vars.CANARY | size }}\n");
    }

    [Fact]
    public void Every_member_with_a_name_of_a_secret_is_one()
    {
        Assert.Superset(new HashSet<string> { "command.exec.execute", "command.shell.execute", "file.deploy.execute", "docker.create.execute", "docker.exec.execute", "user.account.update", "user.password.update" }, SecretOperations.All.Select(operation => operation.Id).ToHashSet());
        Assert.All(
            // Those of reviews are digests and codes of secrets. A choice has no secret.
            OperationCatalog.Default.Where(operation => operation.Family != "review").SelectMany(operation => operation.RequestInfo.Properties.Where(property => property.PropertyType != typeof(FilePath) && Nullable.GetUnderlyingType(property.PropertyType)?.IsEnum != true && SecretName.IsMatch(property.Name)).Select(property => (operation, property))),
            member => Assert.Contains(member.property, SecretOperations.SecretsOf(member.operation)));
    }

    [Fact]
    public async Task Secrets_of_a_fleet_are_found_nowhere()
    {
        await StartBrokerAsync();
        await system.UseAsync(await ControllerAsync());
        await UploadAsync();
        var token = JsonElement.Parse((await system.SendAsync(HttpMethod.Post, "/agent/join-token", """{"name":"*"}""")).Body).GetProperty("token").GetString()!;
        fixture.Environment["OSAPI_AGENT_JOIN_TOKEN_FILE"] = fixture.File("token", token);
        var agents = await AgentsAsync();

        await CallAllAsync("web-01");
        await CallAllAsync("_any");
        await EndInOtherWaysAsync("web-01");
        await CallWronglyAsync();

        // The agent dies while it runs jobs, then the controller.
        var (job, program) = await BeginAsync("db-01", "sleep 100");
        await system.SearchAsync("while it ran", program);
        await KillAsync(agents["db-01"]);
        await system.SearchAsync("when its agent was killed", program);
        agents["db-01"] = await AgentAsync("db-01");
        await system.EndAsync(job);
        (job, program) = await BeginAsync("web-01", "sleep 2");
        await system.KillControllerAsync();
        await system.SearchAsync("when the controller was killed", program);
        await system.UseAsync(await ControllerAsync());
        Assert.Equal("completed", (await system.EndAsync(job)).GetProperty("status").GetString());

        // Nobody is there to take them.
        foreach (var agent in agents.Values)
            await KillAsync(agent);
        List<JsonElement> expiring = [];
        foreach (var target in (string[])["_any", "web-01"])
            foreach (var operation in SecretOperations.All)
                expiring.Add(await system.CallAsync(operation, target, Request(operation, "expired", "true"), HttpStatusCode.Accepted, isAsync: true, startWithin: 1));
        foreach (var each in expiring)
            Assert.Equal("failed", (await system.EndAsync(each)).GetProperty("status").GetString());
        await AssertRemovedAsync();
        await system.SearchAsync("when all were over");

        await AssertNothingFoundAsync();
    }

    [Fact]
    public async Task Secrets_of_a_system_on_one_machine_are_found_nowhere()
    {
        await system.UseAsync(await fixture.StartSystemAsync("--hostname", "web-01"));
        await UploadAsync();
        await CallAllAsync("web-01");
        await CallAllAsync("_any");
        await EndInOtherWaysAsync("web-01");
        await CallWronglyAsync();

        var (job, program) = await BeginAsync("web-01", "sleep 100");
        await system.SearchAsync("while it ran", program);
        await system.KillControllerAsync();
        await system.SearchAsync("when all was killed");
        await system.UseAsync(await fixture.StartSystemAsync("--hostname", "web-01"));
        await system.EndAsync(job);

        await AssertNothingFoundAsync();
    }

    /// <summary>Calls each operation so that it succeeds, fails, only checks, and has large output or a large request.</summary>
    private async Task CallAllAsync(string target)
    {
        foreach (var operation in SecretOperations.All)
            foreach (var (use, script, check) in ((string, string, bool)[])[("success", "[ \"$CANARY\" ]", false), ("failure", "exit 3", false), ("check", "true", true), ("large output", "head -c 600000 /dev/zero | tr '\\0' x", false), ("large request", "cat >/dev/null", false)])
            {
                // There is no engine, no such user, no web server.
                var isFailure = use == "failure" || operation.Family is "docker" or "user" || operation.Id == "file.download.update";
                if (operation.Family is not "command" && use is "large output" or "large request")
                    continue;
                var request = Made($"{use} on {target}");
                if (use == "large request")
                    request["stdin"] = $"{request["stdin"]}{new string('x', 400_000)}";
                // A stored file that is not there.
                if (operation.Id == "file.deploy.execute" && isFailure)
                    request["object_name"] = "no-such";
                if (operation.Id == "http.check.do" && isFailure)
                    request["statuses"] = new JsonArray(599);
                var id = Guid.NewGuid();
                var reply = await system.CallAsync(operation, target, request, id: id, check: check);
                if (reply.TryGetProperty("results", out var results))
                    Assert.All(results.EnumerateArray(), host => Assert.True(isFailure || check || host.GetProperty("outcome").GetString() == "ok", $"{operation.Id} {use} {host}"));
                await system.ReadAsOthersAsync($"/job/{id}");
                output.WriteLine($"{TimeProvider.System.GetUtcNow():T} {operation.Id}, {use} on {target}");
                // The same call once more is the same job; with another secret it is none.
                await system.CallAsync(operation, target, request, id: id, check: check);
                await system.CallAsync(operation, target, Made($"{use}, another secret"), HttpStatusCode.Conflict, id: id, check: check);
                Assert.Equal(HttpStatusCode.Conflict, (await system.SendAsync(HttpMethod.Post, $"/job/{id}/retry", "{}")).Status);
                if (use == "success")
                    Assert.Equal(HttpStatusCode.NoContent, (await system.SendAsync(HttpMethod.Delete, $"/job/{id}")).Status);

                // The content of a check is what the check shows to whoever may see it.
                JsonObject Made(string of)
                {
                    var made = Request(operation, of, script);
                    made.Remove("check_content");
                    return made;
                }
            }
    }

    /// <summary>Cancels jobs before and after they start.</summary>
    private async Task EndInOtherWaysAsync(string target)
    {
        var (job, program) = await BeginAsync(target, "sleep 100");
        await system.SearchAsync("before it was cancelled", program);
        Assert.Equal(HttpStatusCode.Accepted, (await system.SendAsync(HttpMethod.Post, $"/job/{job.GetProperty("job_id").GetString()}/cancel")).Status);
        Assert.Equal("cancelled", (await system.EndAsync(job)).GetProperty("status").GetString());
        await system.SearchAsync("when it was cancelled");
    }

    /// <summary>Sends requests that are refused: their problems are told without the secrets.</summary>
    private async Task CallWronglyAsync()
    {
        foreach (var operation in SecretOperations.All)
            foreach (var property in SecretOperations.SecretsOf(operation))
            {
                var secret = canaries.Next($"{operation.Id} {property.Name}, wrong request");
                foreach (JsonNode? wrong in (JsonNode?[])[secret + "\0", new JsonObject { ["A"] = secret + "\0" }, new JsonArray(secret, new JsonArray(secret)), new JsonArray(secret + "\0"), new JsonObject { ["A"] = new JsonArray(secret) }, 17])
                {
                    var request = Request(operation, "wrong request", "true");
                    request[property.Name] = wrong?.DeepClone();
                    request["no_such"] = secret;
                    request["timeout"] = secret;
                    await system.CallAsync(operation, "web-01", request, HttpStatusCode.BadRequest);
                }

                var member = $"\"{property.Name}\":\"{JsonEncodedText.Encode(secret)}\"";
                await system.SendAsync(HttpMethod.Put, $"/job/{Guid.NewGuid()}", $"{{\"operation\":\"{operation.Id}\",\"target\":\"web-01\",\"request\":{{{member},,}}");
                await system.SendAsync(HttpMethod.Put, $"/job/{Guid.NewGuid()}", $"{{\"operation\":\"{operation.Id}\",\"target\":\"no-such-host\",\"request\":{{{member}}}}}");
            }
    }

    /// <summary>Begins a command that has secrets, and waits until it runs.</summary>
    private async Task<(JsonElement Job, int Process)> BeginAsync(string target, string script)
    {
        var pipe = await Pipe.CreateAsync(fixture, $"hosts/{Guid.NewGuid():N}");
        var operation = SecretOperations.All.Single(operation => operation.Id == "command.shell.execute");
        var request = Request(operation, $"{script} on {target}", $"echo $$ > {pipe.Path}; exec {script}");
        request["timeout"] = 200;
        var job = await system.CallAsync(operation, target, request, HttpStatusCode.Accepted, isAsync: true);
        return (job, await pipe.ProcessAsync());
    }

    private JsonObject Request(Operation operation, string use, string script) => system.Request(operation, use, operation.Id switch
    {
        "command.exec.execute" => new() { ["command"] = "sh", ["args"] = new JsonArray("-c", script) },
        "command.shell.execute" => new() { ["command"] = script },
        "file.deploy.execute" => new() { ["object_name"] = "template", ["path"] = Path.Combine(system.HostDirectory, $"{Guid.NewGuid():N}"), ["content_type"] = "template" },
        "file.download.update" => new() { ["source_url"] = "http://127.0.0.1:1/file", ["path"] = Path.Combine(system.HostDirectory, $"{Guid.NewGuid():N}") },
        "http.check.do" => new() { ["address"] = $"{system.Url}/health", ["timeout"] = 1 },
        _ => null,
    });

    private async Task AssertNothingFoundAsync()
    {
        await system.StopAsync();
        output.WriteLine($"{canaries.Count} secrets");
        Assert.True(canaries.Count > 100);
        Assert.Equal([], system.Found);
    }

    private async Task UploadAsync() =>
        (await fixture.RunAsync("file", "upload", "--name", "template", "--path", template, "--content-type", "template", "--url", system.Url, "--token", await fixture.TokenAsync("admin"))).With(0);

    private async Task StartBrokerAsync()
    {
        var accounts = (await fixture.RunAsync("nats", "permissions", "--controller", "web-01", "db-01")).With(0).Output;
        fixture.File("accounts.conf", accounts);
        var configuration = fixture.File("server.conf", $$"""
            listen: "127.0.0.1:-1"
            jetstream { store_dir: "{{fixture.Directory}}/broker" }
            accounts { include "accounts.conf" }
            """);
        foreach (Match user in User.Matches(accounts))
            fixture.File($"{user.Groups[1].Value}.password", user.Groups[2].Value);
        var broker = system.Keep(fixture.StartProgram("nats-server", "-c", configuration));
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(40));
        const string Listens = "Listening for client connections on ";
        var line = await broker.Error.FindAsync(Listens, timeout.Token);
        url = $"nats://{line[(line.IndexOf(Listens, StringComparison.Ordinal) + Listens.Length)..]}";
        fixture.Environment["OSAPI_TRUST_UNSIGNED"] = "refuse";
    }

    private async Task<RunningSystem> ControllerAsync()
    {
        UseAccount("osapi", apiPrefix: null);
        var program = fixture.Start("controller", "start", "--listen", "http://127.0.0.1:0", "--nats", url);
        RunningSystem listening = new(program, await program.LineAsync(" listens on "));
        return listening;
    }

    private async Task<Dictionary<string, RunningProgram>> AgentsAsync()
    {
        Dictionary<string, RunningProgram> agents = [];
        foreach (var name in (string[])["web-01", "db-01"])
            agents[name] = await AgentAsync(name);
        return agents;
    }

    private async Task<RunningProgram> AgentAsync(string name)
    {
        UseAccount($"osapi_{name}", apiPrefix: "osapi.js");
        var agent = system.Keep(fixture.Start("agent", "start", "--hostname", name, "--nats", url, "--state-dir", Path.Combine(fixture.Directory, name)));
        await agent.LineAsync(" takes jobs ");
        return agent;
    }

    private static async Task KillAsync(RunningProgram program)
    {
        program.Signal(RunningProgram.Kill);
        await program.EndAsync();
    }

    private void UseAccount(string user, string? apiPrefix)
    {
        fixture.Environment["OSAPI_NATS_USER"] = user;
        fixture.Environment["OSAPI_NATS_PASSWORD_FILE"] = Path.Combine(fixture.Directory, $"{user}.password");
        fixture.Environment.Remove("OSAPI_NATS_API_PREFIX");
        if (apiPrefix is not null)
            fixture.Environment["OSAPI_NATS_API_PREFIX"] = apiPrefix;
    }

    // Neither a command nor a message of the queue is left, sealed or not.
    private async Task AssertRemovedAsync()
    {
        await using NatsConnection connection = new(new() { Url = url, AuthOpts = new() { Username = "osapi", Password = await File.ReadAllTextAsync(Path.Combine(fixture.Directory, "osapi.password"), Token) } });
        NatsJSContext context = new(connection);
        foreach (var stream in (string[])["OSAPI_CMD", "OSAPI_ANY"])
            for (var until = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(20); (await context.GetStreamAsync(stream, cancellationToken: Token)).Info.State is { Messages: > 0 } state; await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Token))
                Assert.True(TimeProvider.System.GetUtcNow() < until, $"{state.Messages} messages are left in {stream}");
    }

    [GeneratedRegex("user: \"([^\"]+)\", password: \"([^\"]+)\"")]
    private static partial Regex User { get; }

    [GeneratedRegex("secret|password|stdin|^env$|credential|token")]
    private static partial Regex SecretName { get; }
}
