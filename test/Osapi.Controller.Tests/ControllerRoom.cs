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
using Osapi.Transport;
using Osapi.Transport.Embedded;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests;

/// <summary>A controller on a free port with a store in a directory of its own, and a clock that stands until it is moved.</summary>
internal sealed class ControllerRoom : IAsyncDisposable
{
    private readonly CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private ControllerRoom() => patience.CancelAfter(TimeSpan.FromMinutes(1));

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("osapi-").FullName;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero));

    public Logs Logs { get; } = new();

    public ITransport Transport { get; private set; } = null!;

    public OsapiController Controller { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>The controllers that joined, in order.</summary>
    private List<JoinedController> Joined { get; } = [];

    public Tokens Tokens => new(SigningKey.LoadOrCreate(Path.Combine(Directory, "signing.key")), Time);

    public ActiveJobs Board => Controller.Services.GetRequiredService<ActiveJobs>();

    public string Admin => field ??= Token(["admin"]);

    /// <summary>A test that waits longer has failed.</summary>
    public CancellationToken Patience => patience.Token;

    /// <summary>Gives a test more time, from now on.</summary>
    public void GiveTime(TimeSpan time) => patience.CancelAfter(time);

    public static async Task<ControllerRoom> OpenAsync(Func<ControllerOptions, ControllerOptions>? with = null, Func<ITransport, ITransport>? around = null)
    {
        ControllerRoom room = new();
        try
        {
            await room.StartAsync(with, around);
            return room;
        }
        catch
        {
            await room.Transport.DisposeAsync();
            System.IO.Directory.Delete(room.Directory, recursive: true);
            throw;
        }
    }

    public async Task StartAsync(Func<ControllerOptions, ControllerOptions>? with = null, Func<ITransport, ITransport>? around = null, bool isAlone = false)
    {
        var store = await EmbeddedTransport.OpenAsync(new() { Directory = Directory, TimeProvider = Time }, Patience);
        Transport = around?.Invoke(store) ?? store;
        NodeEnvironment node = new() { Transport = Transport, StateDirectory = Directory, IsAlone = isAlone, Time = Time };
        ControllerOptions options = new() { Urls = [new("http://127.0.0.1:0")] };
        Controller = await OsapiController.StartAsync(node, with?.Invoke(options) ?? options, logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs), Patience);
        Http = new() { BaseAddress = new(Controller.Urls.First()), Timeout = Timeout.InfiniteTimeSpan };
    }

    public async Task StopAsync()
    {
        Http.Dispose();
        await Controller.DisposeAsync();
        await Transport.DisposeAsync();
    }

    /// <summary>Another controller on the same store, with a read model of its own and the same key.</summary>
    public async Task<JoinedController> JoinAsync(Func<ControllerOptions, ControllerOptions>? with = null, Func<ITransport, ITransport>? around = null)
    {
        var joined = await JoinedController.StartAsync(this, $"{Directory}-{Joined.Count + 2}", with, around);
        Joined.Add(joined);
        return joined;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var joined in Joined)
            await joined.DisposeAsync();
        await StopAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
        patience.Dispose();
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
        var response = await (through ?? Http).SendAsync(message, cancellationToken ?? Patience);
        return await Answer.ReadAsync(response, Patience);
    }

    /// <summary>Sends bytes as they are, and gives the status line and the rest as they come.</summary>
    public async Task<string> RawAsync(string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(Http.BaseAddress!.Host, Http.BaseAddress.Port, Patience);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), Patience);
        using StreamReader reader = new(client.GetStream());
        return await reader.ReadToEndAsync(Patience);
    }

    /// <summary>Completes when the controller knows this run of the agent.</summary>
    public async Task KnownAsync(string host, string session)
    {
        var registry = Controller.Services.GetRequiredService<AgentRegistry>();
        TaskCompletionSource known = new(TaskCreationOptions.RunContinuationsAsynchronously);
        registry.Registered += Look;
        Look(null);
        await known.Task.WaitAsync(Patience);
        registry.Registered -= Look;

        void Look(AgentInfo? _)
        {
            if (registry.Find(host)?.Session == session)
                known.TrySetResult();
        }
    }

    /// <summary>The id of the job on the board, once there is one.</summary>
    public async Task<string> AppearedAsync()
    {
        await UntilAsync(() => Board.Active.Any());
        return Board.Active.Single().Record.Id;
    }

    /// <summary>Completes when the controller has seen that many executors of a job in some state.</summary>
    public Task StatesAsync(string jobId, int count) => UntilAsync(() => Board.Find(jobId) is not { } job || job.States.Count >= count);

    /// <summary>Completes when the controller has heard of the host at this very moment of its clock.</summary>
    public Task HeardAsync(string host) => UntilAsync(() => Controller.Services.GetRequiredService<AgentRegistry>().SilenceOf(host) == TimeSpan.Zero);

    /// <summary>Completes when the controller shows the agent as it is waited for.</summary>
    public async Task UntilAgentAsync(string host, Func<JsonElement, bool> wanted)
    {
        while (!wanted((await GetAsync($"/agent/{host}")).Assert2xx().Json))
            Patience.ThrowIfCancellationRequested();
    }

    public Task StoppingAsync()
    {
        TaskCompletionSource stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Controller.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        return stopping.Task.WaitAsync(Patience);
    }

    /// <summary>Completes when the controller has read everything that is in the log now.</summary>
    public Task CaughtUpAsync() => Controller.Services.GetRequiredService<JobFollower>().CatchUpAsync(Patience);

    /// <summary>Completes when lost jobs were looked for at this moment of the clock.</summary>
    public Task LookedForLostAsync()
    {
        var lost = Controller.Services.GetRequiredService<LostJobDetector>();
        return UntilAsync(() => lost.LastLook == Time.GetTimestamp());
    }

    /// <summary>Completes when somebody waits for a job to appear.</summary>
    public Task ExpectedAsync(string jobId) => UntilAsync(() => Board.IsExpected(jobId));

    /// <summary>How many wait for the end of a job.</summary>
    public int Waiting => Controller.Services.GetRequiredService<JobWait>().Waiting;

    /// <summary>Completes when somebody waits for the end of a job, or that many do.</summary>
    public Task WaitingAsync(int atLeast = 1) => UntilAsync(() => Waiting >= atLeast);

    /// <summary>Moves the clock on until something has come: whoever waits by it may not have begun to.</summary>
    public async Task<T> PassAsync<T>(Task<T> something, TimeSpan step)
    {
        while (await Task.WhenAny(something, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Patience)) != something)
            Time.Advance(step);
        return await something;
    }

    /// <summary>Completes when nobody waits for the end of a job any more.</summary>
    public Task NobodyWaitsAsync()
    {
        var wait = Controller.Services.GetRequiredService<JobWait>();
        return UntilAsync(() => wait.Waiting == 0);
    }

    /// <summary>What stands in the log of jobs, the marks of its end apart.</summary>
    public async Task<IReadOnlyList<Message>> LogAsync()
    {
        var mark = (await Transport.AppendAsync([new(StreamName.Jobs, "mark.test", default)], Patience)).Sequence;
        List<Message> messages = [];
        await foreach (var message in Transport.FollowAsync(StreamName.Jobs, "", 0, Patience))
            if (message.Sequence == mark)
                break;
            else if (!message.Subject.StartsWith("mark.", StringComparison.Ordinal))
                messages.Add(message);
        return messages;
    }

    /// <summary>Completes when that many messages stand in the log of jobs.</summary>
    public async Task LeftAsync(int count)
    {
        while ((await LogAsync()).Count != count)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Patience);
    }

    /// <summary>Completes when the read model has forgotten every job.</summary>
    public Task ForgottenAsync() => CountAsync(0);

    /// <summary>Completes when the read model has that many jobs.</summary>
    public Task CountAsync(int jobs)
    {
        var index = Controller.Services.GetRequiredService<JobIndex>();
        return UntilAsync(() => index.Counts().Values.Sum() == jobs);
    }

    public Task LoggedAsync(string text) => UntilAsync(() => Logs.Lines.Any(line => line.Contains(text, StringComparison.Ordinal)));

    // What changes inside the controller has no signal of its own; the test only goes on as soon as it has happened.
    private async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            // A moment for the others: the controller shares two cores with every other test.
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Patience);
        }
    }

    /// <summary>Submits a job and does not wait for it.</summary>
    public async Task<string> SubmitAsync(string target, string query = "", string? key = null)
    {
        var answer = await SendAsync("GET", $"/node/{target}/hostname{query}", key: key, prefer: "respond-async");
        return answer.Assert2xx(System.Net.HttpStatusCode.Accepted).JobId;
    }

    /// <summary>The job, when it is over.</summary>
    public async Task<Answer> EndOfAsync(string jobId)
    {
        if (Board.Find(jobId) is { } job)
            await job.Over.WaitAsync(Patience);
        return (await GetAsync($"/job/{jobId}")).Assert2xx();
    }

    public async Task<string> StatusOfAsync(string jobId) => (await GetAsync($"/job/{jobId}")).Json.GetProperty("status").GetString()!;
}
