using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Osapi.Cli.Operations;
using Osapi.Controller;
using Osapi.Hosting;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Plans;
using Osapi.Plans.Yaml;
using Osapi.Tests;

namespace Osapi.Cli.Tests;

/// <summary>
/// Tests that the command line, a plan file and the controller refuse an invalid request with the same messages, for
/// every operation.
/// </summary>
public sealed class SameWordsTests(SameWordsTests.RunningSystem system) : IClassFixture<SameWordsTests.RunningSystem>
{
    // Longer than a request line, or a plan file, may be.
    private const int TooLong = 4 * 1024 * 1024;

    private static readonly long SmallRequest = new ControllerLimits().SmallRequestBytes;

    public static TheoryData<string> Ids => [.. OperationCatalog.Default.Select(operation => operation.Id)];

    [Theory, MemberData(nameof(Ids))]
    public async Task The_controller_answers_400_with_all_of_it(string id)
    {
        var operation = Find(id);
        // A form has the content of a file among its members; the controller's tests cover it.
        foreach (var bad in BadRequests.Of(operation).Where(_ => !operation.Route.IsForm))
            if (Request(operation, bad.Members) is { } request)
            {
                // A body that is refused for its length is not read: a sender that sends it anyway could find the
                // connection broken before the response.
                request.Headers.ExpectContinue = request.Content?.Headers.ContentLength > SmallRequest;
                var answer = await system.Http.SendAsync(request, TestContext.Current.CancellationToken);
                // A body that is larger than the operation can need is not read.
                if (!operation.HasLargeRequest && request.Content?.Headers.ContentLength > SmallRequest)
                {
                    Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
                    continue;
                }

                var body = JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

                Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{bad}: {(int)answer.StatusCode} {body}");
                Assert.Equal(Problems(operation, bad), body.GetProperty("errors").EnumerateArray().Select(error => error.GetString()));
                Assert.Equal(string.Join("; ", Problems(operation, bad)), body.GetProperty("error").GetString());
            }
    }

    [Theory, MemberData(nameof(Ids))]
    public void A_plan_file_is_refused_with_all_of_it(string id)
    {
        var operation = Find(id);
        foreach (var bad in BadRequests.Of(operation))
        {
            // JSON is YAML.
            var json = bad.Members.ToJsonString();
            // Where text is expected, a plain 7 in a plan is the text "7".
            if (json.Length > TooLong || !JsonNode.DeepEquals(new YamlValues().Convert(YamlBytes.Parse(Encoding.UTF8.GetBytes(json)).Root!, operation.RequestInfo), bad.Members))
                continue;
            var target = operation.RunsOn == RunsOn.Host ? ", target: _any" : "";
            var (root, unreadable) = YamlBytes.Parse(Encoding.UTF8.GetBytes($"name: p\ntasks:\n- {{name: t, op: {id}{target}, with: {json}}}\n"));
            var (plan, problems) = PlanFileReader.Read(root, unreadable, OperationCatalog.Default);

            Assert.Null(plan);
            Assert.Equal(Problems(operation, bad).Order(), problems.Select(problem => problem.Message).Order());
        }
    }

    [Theory, MemberData(nameof(Ids))]
    public void The_command_line_is_refused_with_all_of_it(string id)
    {
        var operation = Find(id);
        Command command = new("operation");
        OperationOptions symbols = new(operation, command, XmlDocs.None);
        foreach (var bad in BadRequests.Of(operation))
        {
            var given = command.Parse([.. Arguments(operation, bad.Members)]);
            // Not every error can be expressed there: a number instead of a text, a null, an unknown flag.
            if (given.Errors.Count > 0 || !JsonNode.DeepEquals(JsonNode.Parse(symbols.Read(given, []).Span), bad.Members))
                continue;
            List<string> problems = [];

            Assert.Null(CommandLineCall.Read(operation, symbols.Read(given, []), "_any", null, check: false, problems));
            Assert.Equal(Problems(operation, bad), problems);
        }
    }

    private static IEnumerable<string> Problems(Operation operation, BadRequest bad) => RequestBinder.Bind(operation.RequestInfo, bad.Members).Problems.Select(problem => problem.ToString());

    private static IEnumerable<string> Arguments(Operation operation, JsonObject members) => members.SelectMany(member => (IsArgument(operation, member.Key), member.Value) switch
    {
        (true, { } value) => [value.ToString()],
        (_, JsonArray items) => items.Select(item => $"{CommandName.Flag(member.Key)}={item}"),
        (_, JsonObject entries) => entries.Select(entry => $"{CommandName.Flag(member.Key)}={entry.Key}={entry.Value}"),
        (_, { } value) => [$"{CommandName.Flag(member.Key)}={value}"],
        _ => (IEnumerable<string>)[],
    });

    private static bool IsArgument(Operation operation, string member) =>
        operation.RequestInfo.Properties.FirstOrDefault(property => property.Name == member) is { } property && CommandName.IsArgument(operation, property);

    // Null for what cannot be expressed in a path or a query.
    private static HttpRequestMessage? Request(Operation operation, JsonObject members)
    {
        var rest = members.DeepClone().AsObject();
        var path = operation.Route.Template.Replace("{hostname}", "_any", StringComparison.Ordinal);
        foreach (var name in operation.Route.Members.Where(name => name != HttpRoute.TargetMember))
        {
            if (!rest.Remove(name, out var value) || value is not JsonValue || value.GetValueKind() != JsonValueKind.String || value.ToString() is not { Length: > 0 and < 1000 } text || text.Contains('\0', StringComparison.Ordinal))
                return null;
            path = path.Replace($"{{{name}}}", Uri.EscapeDataString(text), StringComparison.Ordinal);
        }

        if (operation.Route.HasBody)
            return new(new(operation.Route.Method), path) { Content = new StringContent(rest.ToJsonString(), Encoding.UTF8, "application/json") };
        List<string> query = [];
        foreach (var (name, value) in rest)
        {
            var values = value is JsonArray list ? list.Select(item => $"{item}").ToList() : [$"{value}"];
            var info = operation.RequestInfo.Properties.FirstOrDefault(property => property.Name == name) is { } property ? Info(operation, property) : null;
            if (info is null || !JsonNode.DeepEquals(MemberParser.ToNode(info, values), value) || values.Any(text => text.Length > 1000))
                return null;
            query.AddRange(values.Select(text => $"{name}={Uri.EscapeDataString(text)}"));
        }

        return new(new(operation.Route.Method), $"{path}?{string.Join('&', query)}");
    }

    private static JsonTypeInfo Info(Operation operation, JsonPropertyInfo property) => operation.RequestInfo.Options.GetTypeInfo(property.PropertyType);

    private static Operation Find(string id)
    {
        Assert.True(OperationCatalog.Default.TryFind(id, out var operation));
        return operation;
    }

    /// <summary>A system in this process, and a client of it that sends unchecked requests.</summary>
    public sealed class RunningSystem : IAsyncLifetime
    {
        private readonly string directory = Directory.CreateTempSubdirectory("osapi-").FullName;
        private OsapiNode? system;

        public HttpClient Http { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            system = await OsapiNode.StartAsync(new() { StateDirectory = directory, Agent = new() { Hostname = "web-01" } }, TestContext.Current.CancellationToken);
            var token = await TokenAsync();
            Http = new(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = new("http://localhost"), DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await system!.DisposeAsync();
            Directory.Delete(directory, recursive: true);
        }

        private async Task<string> TokenAsync()
        {
            var program = Running.RunningProgram.Start(
                Running.Programs.Osapi, ["token", "generate", "--roles", "admin", "--subject", "tester"], new Dictionary<string, string> { ["OSAPI_STATE_DIR"] = directory, ["OSAPI_CONFIG"] = "/dev/null" });
            await using var running = program;
            return (await program.EndAsync()).With(ExitCode.Ok).Output.Trim();
        }

        private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
        {
            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(system!.Socket!), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
    }
}
