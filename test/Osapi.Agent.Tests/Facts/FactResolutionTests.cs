using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Agent.Tests.Facts;

public sealed class FactResolutionTests
{
    [Fact]
    public async Task Every_text_is_resolved_and_no_name() =>
        Assert.Equal(
            """{"line":null,"texts":["web-01","x web-01/y"],"map":{"@fact.hostname":"web-01"}}""",
            await SeenAsync("""{"texts":["@fact.hostname","x @fact.hostname/y"],"map":{"@fact.hostname":"@fact.hostname"}}"""));

    [Fact]
    public async Task A_reference_written_with_escapes_is_one_too() =>
        Assert.Equal("""{"line":null,"texts":["web-01"],"map":{}}""", await SeenAsync("""{"texts":["\u0040fact.\u0068ostname"]}"""));

    [Fact]
    public async Task A_value_that_looks_like_a_reference_is_text_and_so_is_one_with_two_dots() =>
        Assert.Equal("""{"line":null,"texts":["@fact.hostname","@fact.hostname"],"map":{}}""", await SeenAsync("""{"texts":["@fact.custom.trick","@fact..hostname"]}"""));

    [Fact]
    public async Task All_references_that_cannot_be_resolved_are_named_at_once()
    {
        var entry = await RunAsync("""{"texts":["@fact.hostnme"],"map":{"a":"@fact.primary_interface","b":"@fact.custom.none"}}""");

        Assert.Equal((Outcome.Failed, ErrorType.Invalid, null), (entry.Outcome, entry.ErrorType, entry.Result?.GetRawText()));
        Assert.Equal(
            "@fact.custom.none has no value on this host; @fact.primary_interface has no value on this host; the unknown reference @fact.hostnme; did you mean '@fact.hostname'?",
            entry.Error);
    }

    [Theory]
    [InlineData("echo @fact.hostname", "echo web-01")]
    [InlineData("echo '@fact.hostname' \\\"@fact.custom.plain\\\"", "echo 'web-01' \"a.b/c:1@x+y\"")]
    public async Task A_plain_value_is_allowed_in_a_shell_line(string line, string seen) =>
        Assert.Equal(seen, JsonDocument.Parse(await SeenAsync($$"""{"line":"{{line}}"}""")).RootElement.GetProperty("line").GetString());

    [Theory]
    [InlineData("space"), InlineData("semicolon"), InlineData("substitution"), InlineData("quote"), InlineData("newline"), InlineData("trick2")]
    public async Task A_value_that_a_shell_could_act_on_may_not(string fact)
    {
        var entry = await RunAsync($$"""{"line":"echo @fact.custom.{{fact}}"}""");

        Assert.Equal(
            (ErrorType.Invalid, $"@fact.custom.{fact} contains characters that a shell interprets; pass it in env and write \"$NAME\" in the command"),
            (entry.ErrorType, entry.Error));
        Assert.Equal(Outcome.Ok, (await RunAsync($$$"""{"line":"echo \"$X\"","map":{"X":"@fact.custom.{{{fact}}}"}}""")).Outcome);
    }

    [Fact]
    public async Task A_request_without_references_reads_no_facts()
    {
        using PreparedTree tree = new() { CanonicalName = null };
        Host host = new() { Name = "web-01", Root = tree.Full(""), Interfaces = () => throw new InvalidOperationException("facts were read") };

        Assert.Equal(Outcome.Ok, (await ExecuteAsync(host, """{"texts":["fact.hostname \u0022é\u0022 @ fact."]}""")).Outcome);
    }

    [Fact]
    public async Task Facts_that_cannot_be_read_fail_the_operation_and_nothing_else()
    {
        Host host = new() { Name = "web-01", Interfaces = () => throw new InvalidOperationException("broken") };

        var entry = await ExecuteAsync(host, """{"texts":["@fact.hostname"]}""");

        Assert.Equal((Outcome.Failed, ErrorType.Failed, "see.line.get failed: InvalidOperationException: broken"), (entry.Outcome, entry.ErrorType, entry.Error));
    }

    [Fact]
    public async Task A_doubled_member_is_still_refused() =>
        Assert.Equal(ErrorType.Invalid, (await RunAsync("""{"texts":["@fact.hostname"],"texts":[]}""")).ErrorType);

    private static async Task<string> SeenAsync(string request)
    {
        var entry = await RunAsync(request);
        Assert.Equal((Outcome.Ok, null), (entry.Outcome, entry.Error));
        return entry.Result!.Value.GetProperty("seen").GetString()!;
    }

    private static async Task<HostReply> RunAsync(string request)
    {
        using PreparedTree tree = new()
        {
            CustomFacts = new Dictionary<string, string>
            {
                ["trick"] = "@fact.hostname",
                ["trick2"] = "$(reboot)",
                ["plain"] = "a.b/c:1@x+y",
                ["space"] = "a b",
                ["semicolon"] = "a;b",
                ["substitution"] = "`id`",
                ["quote"] = "a'b",
                ["newline"] = "a\nb",
            },
        };
        return await ExecuteAsync(tree.Host, request);
    }

    private static Task<HostReply> ExecuteAsync(Host host, string request) =>
        new OperationExecutor(new() { { Seeing.Operation, (seen, _, _) => Task.FromResult(new SeenResult(JsonSerializer.Serialize(seen, SeeJson.Shown.See))) } }, host)
            .RunAsync(Seeing.Operation.Id, Encoding.UTF8.GetBytes(request), check: false, TestContext.Current.CancellationToken);
}

/// <summary>A request with texts in every kind of member.</summary>
public sealed record See
{
    /// <summary>A text for a shell.</summary>
    [ShellLine]
    public string? Line { get; init; }

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts { get => field ?? []; init; }

    /// <summary>A map of texts.</summary>
    public IReadOnlyDictionary<string, string> Map { get => field ?? new Dictionary<string, string>(); init; }
}

/// <summary>The result with the request as the handler saw it.</summary>
public sealed record SeenResult(string Seen);

internal static class Seeing
{
    public static Operation<See, SeenResult> Operation { get; } = new("see.line.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Post("/node/{hostname}/see"),
        Permission = null,
        Request = SeeJson.Requests.See,
        Result = SeeJson.Results.SeenResult,
        Example = static () => (new(), new("")),
    };
}

[JsonSerializable(typeof(See)), JsonSerializable(typeof(SeenResult))]
internal sealed partial class SeeJson : JsonSerializerContext
{
    public static SeeJson Requests { get; } = new(JsonConventions.Strict);

    public static SeeJson Results { get; } = new(JsonConventions.Lenient);

    public static SeeJson Shown { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
