using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations;
using Osapi.Operations.Node;

namespace Osapi.Orchestrator.Tests.Scenarios;

public sealed partial class BridgeScenarios
{
    [Fact, Scenario(55)]
    public void A_value_becomes_its_members()
    {
        var data = Result.ToData(new Sample("a", 42), SampleJson.Default.Sample)!;

        Assert.Equal(("a", 42.0), ((string?)data["name"], (double)data["value"]!));
    }

    [Fact, Scenario(56)]
    public void Nothing_becomes_nothing()
    {
        Assert.Null(Result.ToData(null));
        Assert.Null(Result.ToData(null, SampleJson.Default.Sample));
    }

    [Fact, Scenario(57)]
    public void A_nested_value_becomes_nested_members() =>
        Assert.Equal(7.0, (double)Result.ToData(new Sample("a", 1, new("b", 7)), SampleJson.Default.Sample)!["nested"]!["value"]!);

    [Fact, Scenario(58)]
    public void A_result_of_the_catalog_needs_no_type_information()
    {
        var data = Result.ToData(new HostnameResult { OsHostname = "web-01.example.com" })!;

        Assert.Equal("web-01.example.com", (string?)data["os_hostname"]);
    }

    [Fact, Scenario(59)]
    public void A_value_that_is_not_an_object_becomes_nothing()
    {
        Assert.Null(Result.ToData(42, SampleJson.Default.Int32));
    }

    [Fact]
    public void A_value_that_is_not_a_result_of_the_catalog_is_refused_with_the_correct_call()
    {
        foreach (var value in (object[])[new Sample("a", 1), 42, new List<HostnameResult> { new() { OsHostname = "a" } }])
        {
            var exception = Assert.Throws<ArgumentException>(() => Result.ToData(value));

            Assert.Contains("Result.ToData(value, JsonTypeInfo<T>)", exception.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentException>(() => Result.ToData(new HostReply<Sample> { Hostname = "web-01", Result = new("a", 1) }));
    }

    [Fact]
    public void A_whole_answer_and_one_entry_of_it_are_data_in_their_wire_format()
    {
        var answer = Collection(Host("web-01", changed: true), Host("web-02", error: "refused"));

        Assert.Equal("web-01", (string?)Result.ToData(answer.Hosts[0])!["os_hostname"]);
        Assert.Equal(
            """{"job_id":"00000001-0000-7000-8000-000000000000","results":[{"hostname":"web-01","outcome":"ok","changed":true,"os_hostname":"web-01"},{"hostname":"web-02","outcome":"failed","changed":false,"error":"refused"}]}""",
            Result.ToData(answer)!.ToJsonString());
        Assert.Equal("""{"job_id":"as it came"}""", Result.ToData(answer with { RawJson = """{"job_id":"as it came"}""" })!.ToJsonString());
        Assert.Null(Result.ToData((JobReply<HostnameResult>?)null));
    }

    [Fact, Scenario(60)]
    public void One_host_fills_its_data_itself()
    {
        var result = Result.FromCollection(Collection(Host("web-01")));

        Assert.Equal(("00000001-0000-7000-8000-000000000000", false, "web-01"), (result.JobId?.ToString(), result.Changed, (string?)Assert.Single(result.HostResults).Data!["hostname"]));
    }

    [Fact, Scenario(61)]
    public void Several_hosts_have_changed_when_one_has()
    {
        var result = Result.FromCollection(Collection(Host("web-01"), Host("web-02", changed: true)));

        Assert.True(result.Changed);
        Assert.Equal([false, true], result.HostResults.Select(host => host.Changed));
    }

    [Fact, Scenario(62)]
    public void No_hosts_are_no_change()
    {
        var result = Result.FromCollection(Collection());

        Assert.Equal(("00000001-0000-7000-8000-000000000000", false, 0), (result.JobId?.ToString(), result.Changed, result.HostResults.Count));
    }

    [Fact, Scenario(63)]
    public void Data_that_the_map_leaves_out_is_filled_in()
    {
        var result = Result.FromCollection(Collection(Host("web-01", error: "refused")), host => new() { Hostname = host.Hostname });

        Assert.Equal(("web-01", "refused"), ((string?)result.HostResults[0].Data!["hostname"], (string?)result.HostResults[0].Data!["error"]));
    }

    [Fact, Scenario(64)]
    public void Data_that_the_map_sets_is_kept()
    {
        var result = Result.FromCollection(Collection(Host("web-01")), host => new() { Hostname = host.Hostname, Data = new() { ["own"] = 1 } });

        Assert.Equal("""{"own":1}""", Assert.Single(result.HostResults).Data!.ToJsonString());
    }

    [Fact, Scenario(65)]
    public void The_answer_as_it_came_becomes_the_data() =>
        Assert.Equal("00000001-0000-7000-8000-000000000000", (string?)Result.FromCollection(Collection() with { RawJson = """{"job_id":"00000001-0000-7000-8000-000000000000"}""" }).Data!["job_id"]);

    [Fact, Scenario(66)]
    public void Without_an_answer_as_it_came_there_is_no_data() => Assert.Null(Result.FromCollection(Collection()).Data);

    [Fact, Scenario(67)]
    public void An_answer_that_is_not_json_is_no_data() => Assert.Null(Result.FromCollection(Collection() with { RawJson = "{" }).Data);

    [Fact, Scenario(68)]
    public void A_value_that_cannot_be_serialized_becomes_null_without_a_failure()
    {
        var broken = JsonMetadataServices.CreateValueInfo<Sample>(new(), new BrokenConverter());

        Assert.Null(Result.ToData(new Sample("a", 1), broken));
        Assert.NotNull(Result.ToData(new Sample("a", 1), SampleJson.Default.Sample));
    }

    private static JobReply<HostnameResult> Collection(params IReadOnlyList<HostReply<HostnameResult>> hosts) => new() { JobId = JobIds.Of("00000001-0000-7000-8000-000000000000"), Hosts = hosts };

    private static HostReply<HostnameResult> Host(string name, bool changed = false, string? error = null) => new()
    {
        Hostname = name,
        Changed = changed,
        Error = error,
        Outcome = error is null ? Outcome.Ok : Outcome.Failed,
        Result = error is null ? new() { OsHostname = name } : null,
    };

    internal sealed record Sample(string Name, int Value, Sample? Nested = null);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(Sample)), JsonSerializable(typeof(int))]
    internal sealed partial class SampleJson : JsonSerializerContext;

    private sealed class BrokenConverter : JsonConverter<Sample>
    {
        public override Sample Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new JsonException("broken");

        public override void Write(Utf8JsonWriter writer, Sample value, JsonSerializerOptions options) => throw new JsonException("broken");
    }
}
