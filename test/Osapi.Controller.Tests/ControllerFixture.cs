using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Osapi.Controller.Agents;
using Osapi.Controller.Auth;
using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Controller.Jobs.Supervision;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Embedded;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests;

/// <summary>
/// A fixture with a controller on a free port, a store in its own directory, and a clock that stands until it is
/// advanced.
/// </summary>
internal sealed class ControllerFixture : IAsyncDisposable
{
    private readonly CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private ControllerFixture() => timeout.CancelAfter(TimeSpan.FromMinutes(1));

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("osapi-").FullName;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero));

    public Logs Logs { get; } = new();

    public ITransport Transport { get; private set; } = null!;

    public OsapiController Controller { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>The controllers that joined, in order.</summary>
    private List<AdditionalController> Joined { get; } = [];

    public Tokens Tokens => new(SigningKey.LoadOrCreate(Path.Combine(Directory, "signing.key")), Time);

    public ActiveJobs ActiveJobs => Controller.Services.GetRequiredService<ActiveJobs>();

    public string Admin => field ??= Token(["admin"]);

    /// <summary>The token that is cancelled when the test takes too long.</summary>
    public CancellationToken TestTimeout => timeout.Token;

    /// <summary>Extends the test's time limit, from now on.</summary>
    public void ExtendTimeout(TimeSpan time) => timeout.CancelAfter(time);

    public static async Task<ControllerFixture> OpenAsync(Func<ControllerOptions, ControllerOptions>? with = null, Func<ITransport, ITransport>? around = null)
    {
        ControllerFixture fixture = new();
        try
        {
            await fixture.StartAsync(with, around);
            return fixture;
        }
        catch
        {
            await fixture.Transport.DisposeAsync();
            System.IO.Directory.Delete(fixture.Directory, recursive: true);
            throw;
        }
    }

    public async Task StartAsync(Func<ControllerOptions, ControllerOptions>? with = null, Func<ITransport, ITransport>? around = null, bool isAlone = false)
    {
        var store = await EmbeddedTransport.OpenAsync(new() { Directory = Directory, TimeProvider = Time }, TestTimeout);
        Transport = around?.Invoke(store) ?? store;
        NodeEnvironment node = new() { Transport = Transport, StateDirectory = Directory, IsAlone = isAlone, Time = Time };
        ControllerOptions options = new() { Urls = [new("http://127.0.0.1:0")] };
        Controller = await OsapiController.StartAsync(node, with?.Invoke(options) ?? options, logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs), TestTimeout);
        Http = new() { BaseAddress = new(Controller.Urls.First()), Timeout = Timeout.InfiniteTimeSpan };
    }

    public async Task StopAsync()
    {
        Http.Dispose();
        await Controller.DisposeAsync();
        await Transport.DisposeAsync();
    }

    /// <summary>Starts another controller on the same store, with its own read model and the same key.</summary>
    public async Task<AdditionalController> AddControllerAsync(Func<ControllerOptions, ControllerOptions>? with = null, Func<ITransport, ITransport>? around = null)
    {
        var joined = await AdditionalController.StartAsync(this, $"{Directory}-{Joined.Count + 2}", with, around);
        Joined.Add(joined);
        return joined;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var joined in Joined)
            await joined.DisposeAsync();
        await StopAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
        timeout.Dispose();
    }

    public string Token(IReadOnlyList<string> roles, params IReadOnlyList<string> permissions) =>
        Tokens.Generate("somebody", roles, permissions, TimeSpan.FromHours(1000));

    public Task<ScriptedAgent> AgentAsync(string name, params (string Key, string Value)[] labels) => ScriptedAgent.RegisterAsync(this, name, labels);

    public Task<Answer> GetAsync(string path) => SendAsync("GET", path);

    public Task<Answer> PostAsync(string path, string? body = null) => SendAsync("POST", path, body);

    public async Task<Answer> SendAsync(
        string method, string path, string? body = null, string? token = "", string? key = null, string? prefer = null, string contentType = "application/json",
        CancellationToken? cancellationToken = null, HttpClient? through = null)
    {
        using HttpRequestMessage message = new(new(method), path);
        if (token is not null)
            message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {(token == "" ? Admin : token)}");
        if (key is not null)
            message.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (prefer is not null)
            message.Headers.Add("Prefer", prefer);
        if (body is not null)
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } };
        var response = await (through ?? Http).SendAsync(message, cancellationToken ?? TestTimeout);
        return await Answer.ReadAsync(response, TestTimeout);
    }

    /// <summary>Sends raw bytes, and gets the raw response.</summary>
    public async Task<string> SendRawAsync(string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(Http.BaseAddress!.Host, Http.BaseAddress.Port, TestTimeout);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), TestTimeout);
        using StreamReader reader = new(client.GetStream());
        return await reader.ReadToEndAsync(TestTimeout);
    }

    /// <summary>Waits until the controller knows this session of the agent.</summary>
    public async Task WaitForAgentAsync(string host, string session)
    {
        var registry = Controller.Services.GetRequiredService<AgentRegistry>();
        TaskCompletionSource known = new(TaskCreationOptions.RunContinuationsAsynchronously);
        registry.Registered += Look;
        Look(null);
        await known.Task.WaitAsync(TestTimeout);
        registry.Registered -= Look;

        void Look(AgentInfo? _)
        {
            if (registry.Find(host)?.Session == session)
                known.TrySetResult();
        }
    }

    /// <summary>Waits for an active job, and gets its id.</summary>
    public async Task<string> WaitForJobAsync()
    {
        await UntilAsync(() => ActiveJobs.Active.Any());
        return ActiveJobs.Active.Single().Record.Id.ToString();
    }

    /// <summary>Waits until the controller has seen that many executors of a job in some state.</summary>
    public Task WaitForStatesAsync(string jobId, int count) => UntilAsync(() => ActiveJobs.Find(JobId.Parse(jobId)) is not { } job || job.States.Count >= count);

    /// <summary>Waits until the controller has received a heartbeat of the host at the current time of its clock.</summary>
    public Task WaitForHeartbeatAsync(string host) => UntilAsync(() => Controller.Services.GetRequiredService<AgentRegistry>().TimeSinceHeartbeat(host) == TimeSpan.Zero);

    /// <summary>Waits until the controller's view of the agent meets a condition.</summary>
    public async Task WaitForAgentViewAsync(string host, Func<JsonElement, bool> wanted)
    {
        while (!wanted((await GetAsync($"/agent/{host}")).Assert2xx().Json))
            TestTimeout.ThrowIfCancellationRequested();
    }

    public Task StoppingAsync()
    {
        TaskCompletionSource stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Controller.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        return stopping.Task.WaitAsync(TestTimeout);
    }

    /// <summary>Waits until the controller has read everything that is now in the log.</summary>
    public Task CatchUpAsync() => Controller.Services.GetRequiredService<JobFollower>().CatchUpAsync(TestTimeout);

    /// <summary>Waits until lost jobs were checked at the current time of the clock.</summary>
    public Task WaitForLostJobCheckAsync()
    {
        var lost = Controller.Services.GetRequiredService<LostJobDetector>();
        return UntilAsync(() => lost.LastCheck == Time.GetTimestamp());
    }

    /// <summary>Waits until a caller waits for a job to be added.</summary>
    public Task WaitForExpectedAsync(string jobId) => UntilAsync(() => ActiveJobs.IsExpected(JobId.Parse(jobId)));

    /// <summary>The number of callers that wait for the end of a job.</summary>
    public int Waiting => Controller.Services.GetRequiredService<JobWait>().Waiting;

    /// <summary>Waits until at least that many callers wait for the end of a job.</summary>
    public Task WaitForWaitersAsync(int atLeast = 1) => UntilAsync(() => Waiting >= atLeast);

    /// <summary>Advances the clock until a task completes, because it is not known when the task starts to wait.</summary>
    public async Task<T> AdvanceUntilAsync<T>(Task<T> something, TimeSpan step)
    {
        while (await Task.WhenAny(something, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestTimeout)) != something)
            Time.Advance(step);
        return await something;
    }

    /// <summary>Waits until no caller waits for the end of a job.</summary>
    public Task WaitForNoWaitersAsync()
    {
        var wait = Controller.Services.GetRequiredService<JobWait>();
        return UntilAsync(() => wait.Waiting == 0);
    }

    /// <summary>Gets the messages in the log of jobs, without the markers of its end.</summary>
    public async Task<IReadOnlyList<Message>> LogAsync()
    {
        var mark = (await Transport.AppendAsync([new(StreamName.Jobs, "mark.test", default)], TestTimeout)).Sequence;
        List<Message> messages = [];
        await foreach (var message in Transport.FollowAsync(StreamName.Jobs, "", 0, TestTimeout))
            if (message.Sequence == mark)
                break;
            else if (!message.Subject.StartsWith("mark.", StringComparison.Ordinal))
                messages.Add(message);
        return messages;
    }

    /// <summary>Waits until the log of jobs has that many messages.</summary>
    public async Task WaitForMessageCountAsync(int count)
    {
        while ((await LogAsync()).Count != count)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestTimeout);
    }

    /// <summary>Waits until the read model has no jobs.</summary>
    public Task WaitForNoJobsAsync() => CountAsync(0);

    /// <summary>Waits until the read model has that many jobs.</summary>
    public Task CountAsync(int jobs)
    {
        var index = Controller.Services.GetRequiredService<JobIndex>();
        return UntilAsync(() => index.Counts().Values.Sum() == jobs);
    }

    public Task WaitForLogLineAsync(string text) => UntilAsync(() => Logs.Lines.Any(line => line.Contains(text, StringComparison.Ordinal)));

    // Changes inside the controller have no signal of their own, so the condition is polled.
    private async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            // Yields to others: the controller shares two cores with every other test.
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestTimeout);
        }
    }

    /// <summary>Submits a job and does not wait for it.</summary>
    public async Task<string> SubmitAsync(string target, string query = "", string? key = null)
    {
        var answer = await SendAsync("GET", $"/node/{target}/hostname{query}", key: key, prefer: "respond-async");
        return answer.Assert2xx(System.Net.HttpStatusCode.Accepted).JobId;
    }

    /// <summary>Waits until the job is finished, and gets it.</summary>
    public async Task<Answer> WaitForEndAsync(string jobId)
    {
        if (ActiveJobs.Find(JobId.Parse(jobId)) is { } job)
            await job.Completion.WaitAsync(TestTimeout);
        return (await GetAsync($"/job/{jobId}")).Assert2xx();
    }

    public async Task<string> StatusOfAsync(string jobId) => (await GetAsync($"/job/{jobId}")).Json.GetProperty("status").GetString()!;
}
