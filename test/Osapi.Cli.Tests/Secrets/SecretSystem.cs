using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Cli.Tests.Running;
using Osapi.Operations;
using Osapi.Operations.Users;

namespace Osapi.Cli.Tests.Secrets;

/// <summary>A system of real processes to which secrets are given, and the search for them.</summary>
internal sealed class SecretSystem(CliFixture fixture, Canaries canaries)
{
    private readonly List<RunningProgram> programs = [];
    private readonly List<string> found = [];
    private RunningSystem? controller;
    private HttpClient? admin;
    private HttpClient? reader;
    private HttpClient? writer;

    /// <summary>The directory of what the host programs of the tests write: it is not the system's.</summary>
    public string HostDirectory { get; } = Directory.CreateDirectory(Path.Combine(fixture.Directory, "hosts")).FullName;

    /// <summary>The places in which a secret was found.</summary>
    public IReadOnlyList<string> Found => found;

    public string Url => controller!.Url;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public RunningProgram Keep(RunningProgram program)
    {
        programs.Add(program);
        return program;
    }

    /// <summary>Uses a controller, also one that was started again.</summary>
    public async Task UseAsync(RunningSystem started)
    {
        controller = started;
        Keep(started.Program);
        admin = started.Http(await fixture.TokenAsync("admin"));
        reader = started.Http(await fixture.TokenAsync("read"));
        writer = started.Http(await fixture.TokenAsync("write"));
        // Not the administrator's own jobs.
        reader.DefaultRequestHeaders.Authorization = new("Bearer", await OtherTokenAsync("read"));
        writer.DefaultRequestHeaders.Authorization = new("Bearer", await OtherTokenAsync("write"));
    }

    /// <summary>Kills the controller, and what is in its process, with kill -9.</summary>
    public async Task KillControllerAsync()
    {
        controller!.Program.Signal(RunningProgram.Kill);
        await controller.Program.EndAsync();
    }

    /// <summary>Creates the request of an operation with a secret in each member that is one, found by its attribute.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="use">The use of the secrets.</param>
    /// <param name="members">The other members; null for those of the operation's example.</param>
    public JsonObject Request(Operation operation, string use, JsonObject? members)
    {
        var request = members ?? JsonSerializer.SerializeToNode(operation.ExamplePair.Request, operation.RequestInfo)!.AsObject();
        foreach (var property in SecretOperations.SecretsOf(operation))
        {
            if (property.PropertyType == typeof(PasswordHash))
            {
                request[property.Name] = canaries.NextHash($"{operation.Id} {property.Name}, {use}");
                continue;
            }

            var secret = canaries.Next($"{operation.Id} {property.Name}, {use}");
            // Headers are ASCII.
            if (property.Name == "headers")
                secret = secret.TrimEnd('é');
            request[property.Name] = property.PropertyType == typeof(string) ? secret
                : property.PropertyType == typeof(JsonObject) || property.PropertyType.IsAssignableTo(typeof(IEnumerable<KeyValuePair<string, string>>)) ? new JsonObject { ["CANARY"] = secret }
                : new JsonArray($"CANARY={secret}");
        }

        return request;
    }

    /// <summary>Calls an operation, and checks the answer, and what others see of the job.</summary>
    public async Task<JsonElement> CallAsync(Operation operation, string target, JsonObject request, HttpStatusCode? expected = null, bool isAsync = false, Guid? id = null, bool check = false, int? startWithin = null)
    {
        JsonObject body = new() { ["operation"] = operation.Id, ["target"] = target, ["request"] = request.DeepClone() };
        if (check)
            body["check"] = true;
        if (startWithin is { } seconds)
            body["start_within"] = seconds;
        var path = $"/job/{id ?? Guid.NewGuid()}";
        var (status, answer) = await SendAsync(admin!, HttpMethod.Put, path, body.ToJsonString(), isAsync);
        Assert.True(expected is null || status == expected, $"{operation.Id} {target}: {status} {answer}");
        return answer.Length > 0 ? JsonElement.Parse(answer) : default;
    }

    /// <summary>Sends a request as the administrator, and checks the answer.</summary>
    public async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpMethod method, string path, string? body = null) => await SendAsync(admin!, method, path, body, isAsync: false);

    /// <summary>Reads what a reader and a writer see of a job, and of all jobs.</summary>
    public async Task ReadAsOthersAsync(string path)
    {
        foreach (var caller in (HttpClient[])[reader!, writer!, admin!])
            foreach (var of in (string[])[path, $"{path}/output"])
                await SendAsync(caller, HttpMethod.Get, of, body: null, isAsync: false);
        await SendAsync(reader!, HttpMethod.Get, "/job?limit=100", body: null, isAsync: false);
    }

    /// <summary>Waits until a job is over.</summary>
    public async Task<JsonElement> EndAsync(JsonElement job)
    {
        var path = $"/job/{job.GetProperty("job_id").GetString()}";
        while (true)
        {
            var (status, answer) = await SendAsync(HttpMethod.Get, path);
            if (status == HttpStatusCode.OK && JsonElement.Parse(answer) is var detail && detail.GetProperty("status").GetString() is not ("submitted" or "processing"))
            {
                await ReadAsOthersAsync(path);
                await SendAsync(reader!, HttpMethod.Get, $"{path}/events?replies=true", body: null, isAsync: false);
                return detail;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
        }
    }

    /// <summary>Searches all files of the system, and all processes but the given host program and its children.</summary>
    public async Task SearchAsync(string when, int? hostProgram = null)
    {
        foreach (var file in Directory.EnumerateFiles(fixture.Directory, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Device }))
            if (!file.StartsWith(HostDirectory, StringComparison.Ordinal) && await TryReadAsync(file) is { } content)
                Note($"{file}, {when}", canaries.Find(content));
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(directory => char.IsAsciiDigit(directory[6])))
        {
            Note($"{process}/cmdline, {when}", await TryReadAsync($"{process}/cmdline") is { } arguments ? canaries.Find(arguments) : null);
            if (hostProgram is null || !IsBelow(int.Parse(process[6..], CultureInfo.InvariantCulture), hostProgram.Value))
                Note($"{process}/environ of {await TextAsync($"{process}/comm")}, {when}", await TryReadAsync($"{process}/environ") is { } variables ? canaries.Find(variables) : null);
        }
    }

    /// <summary>Stops everything, and searches the logs.</summary>
    public async Task StopAsync()
    {
        foreach (var program in Enumerable.Reverse(programs).Where(program => !program.HasExited))
        {
            program.Signal(RunningProgram.Terminate);
            await program.EndAsync();
        }

        foreach (var program in programs)
            foreach (var log in (Lines[])[program.Output, program.Error])
                Note($"the log of process {programs.IndexOf(program)}", canaries.Find(await log.ToEndAsync(Token)));
        await SearchAsync("when all had stopped");
        foreach (var caller in (HttpClient?[])[admin, reader, writer])
            caller?.Dispose();
    }

    private async Task<string> OtherTokenAsync(string role) => (await fixture.RunAsync("token", "generate", "--roles", role, "--subject", $"another {role}er")).With(0).Output.Trim();

    private async Task<(HttpStatusCode, string)> SendAsync(HttpClient caller, HttpMethod method, string path, string? body, bool isAsync)
    {
        using HttpRequestMessage message = new(method, path);
        if (isAsync)
            message.Headers.Add("Prefer", "respond-async");
        if (body is not null)
            message.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await caller.SendAsync(message, Token);
        var answer = await response.Content.ReadAsStringAsync(Token);
        Note($"the answer to {method} {path} of {(caller == reader ? "a reader" : caller == writer ? "a writer" : "its caller")}", canaries.Find(answer) ?? canaries.Find($"{response.Headers}"));
        return (response.StatusCode, answer);
    }

    private void Note(string place, string? secret)
    {
        if (secret is not null)
            found.Add($"{place}: {secret}");
    }

    private static bool IsBelow(int process, int ancestor)
    {
        for (var at = process; at > 1; at = ParentOf(at))
            if (at == ancestor)
                return true;
        return false;
    }

    // The fourth field, after a name in parentheses that may contain anything.
    private static int ParentOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static async Task<string> TextAsync(string file) => await TryReadAsync(file) is { } content ? Encoding.UTF8.GetString(content).Trim() : "";

    // Null for what is gone, or is no file.
    private static async Task<byte[]?> TryReadAsync(string file)
    {
        try
        {
            await using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            MemoryStream content = new();
            await stream.CopyToAsync(content, Token);
            return content.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
