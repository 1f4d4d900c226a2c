using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Osapi.Controller.Auth;
using Osapi.Controller.Jobs.Active;
using Osapi.Transport;
using Osapi.Transport.Embedded;

namespace Osapi.Controller.Tests;

/// <summary>
/// A fixture with a controller on a free port, a store in its own directory, and a clock that stands until it is
/// advanced.
/// </summary>
internal sealed partial class ControllerFixture : IAsyncDisposable
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

    private List<ScriptedAgent> Agents { get; } = [];

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
    public async Task<AdditionalController> AddControllerAsync(Func<ControllerOptions, ControllerOptions>? with = null, Func<ITransport, ITransport>? around = null, string? at = null)
    {
        var joined = await AdditionalController.StartAsync(this, at ?? $"{Directory}-{Joined.Count + 2}", with, around);
        // One with a directory of the test ends with the test's own statement.
        if (at is null)
            Joined.Add(joined);
        return joined;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in Enumerable.Reverse(Agents))
            agent.Dispose();
        foreach (var joined in Enumerable.Reverse(Joined))
            await joined.DisposeAsync();
        await StopAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
        timeout.Dispose();
    }

    public string Token(IReadOnlyList<string> roles, params IReadOnlyList<string> permissions) =>
        Tokens.Generate("somebody", roles, permissions, TimeSpan.FromHours(1000));

    /// <summary>Registers an agent that ends with the fixture.</summary>
    public async Task<ScriptedAgent> AgentAsync(string name, params (string Key, string Value)[] labels)
    {
        var agent = await ScriptedAgent.RegisterAsync(this, name, labels);
        Agents.Add(agent);
        return agent;
    }

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

    /// <summary>Submits a job and does not wait for it.</summary>
    public async Task<string> SubmitAsync(string target, string query = "", string? key = null)
    {
        var answer = await SendAsync("GET", $"/node/{target}/hostname{query}", key: key, prefer: "respond-async");
        return answer.Assert2xx(System.Net.HttpStatusCode.Accepted).JobId;
    }

    public async Task<string> StatusOfAsync(string jobId) => (await GetAsync($"/job/{jobId}")).Json.GetProperty("status").GetString()!;
}
