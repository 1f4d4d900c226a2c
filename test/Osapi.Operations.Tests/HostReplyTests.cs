using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Osapi.Operations.Node;
using Osapi.Operations.Sample;

namespace Osapi.Operations.Tests;

public sealed class HostReplyTests
{
    [Fact]
    public void An_entry_is_flat()
    {
        HostReply entry = new()
        {
            Hostname = "web-01",
            Outcome = Outcome.Failed,
            Changed = true,
            Error = "exit 1",
            ErrorType = ErrorType.NotFound,
            Result = JsonSerializer.SerializeToElement(new("hello", Changed: true), SampleOperations.Run.Result),
        };

        Assert.Equal("""{"hostname":"web-01","outcome":"failed","changed":true,"error":"exit 1","error_type":"not_found","output":"hello"}""", Written(entry));
    }

    [Fact]
    public void Its_own_members_are_its_own()
    {
        HostReply entry = new() { Hostname = "web-01", Outcome = Outcome.Ok, Result = Json("""{"hostname":"other","outcome":"failed","error":"x","error_type":"failed","changed":true,"a":1}""") };

        Assert.Equal("""{"hostname":"web-01","outcome":"ok","changed":false,"a":1}""", Written(entry));
    }

    [Theory]
    [InlineData("""{"hostname":"web-01","outcome":"expired","status":"failed","changed":false,"error":"not started"}""", null)]
    [InlineData("""{"hostname":"web-01","outcome":"skipped","status":"skipped","changed":false,"error":"drained"}""", null)]
    [InlineData("""{"hostname":"web-01","outcome":"ok","status":"ok","changed":false,"a":1}""", "a")]
    [InlineData("""{"hostname":"web-01","outcome":"ok","changed":false,"status":"drifted"}""", "status")]
    [InlineData("""{"hostname":"web-01","outcome":"failed","status":"failed","changed":true,"a":1}""", "a")]
    public void The_status_that_a_controller_adds_is_no_member_of_the_result(string entry, string? members)
    {
        var reply = new OperationReply(Json($$"""{"job_id":"1","results":[{{entry}}]}""")).Hosts.Single();

        Assert.Equal(members, reply.Result is { } result ? string.Join(' ', result.EnumerateObject().Select(member => member.Name).Where(reply.IsOfResult)) : null);
        Assert.Equal(members == "status", Written(reply).Contains("\"status\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_written_entry_can_be_read_again() =>
        Gen.Select(Gen.String, Gen.Enum<Outcome>(), Gen.Bool, Gen.String.Null(), Gen.Enum<ErrorType>().Nullable(), Gen.String).Sample(
            (hostname, outcome, changed, error, type, output) =>
            {
                var written = Written(new()
                {
                    Hostname = hostname,
                    Outcome = outcome,
                    Changed = changed,
                    Error = error,
                    ErrorType = type,
                    Result = JsonSerializer.SerializeToElement(new(output, changed), SampleOperations.Run.Result),
                });
                var entry = HostReply.Read(Json(written));

                Assert.Equal(written, Written(entry));
                Assert.Equal((outcome, changed, type), (entry.Outcome, entry.Changed, entry.ErrorType));
                Assert.Equal(changed, entry.As(SampleOperations.Run.Result).Result!.Changed);
            },
            iter: Fuzz.Times(50_000), threads: 2);

    [Theory]
    [InlineData("{}", "", Outcome.Unknown, null)]
    [InlineData("null", "", Outcome.Unknown, null)]
    [InlineData("7", "", Outcome.Unknown, null)]
    [InlineData("[]", "", Outcome.Unknown, null)]
    [InlineData("""{"hostname":"a","outcome":"exploded","error_type":"cosmic"}""", "a", Outcome.Unknown, ErrorType.Failed)]
    [InlineData("""{"hostname":1,"outcome":2,"changed":"yes","error":3,"error_type":4}""", "", Outcome.Unknown, null)]
    [InlineData("""{"hostname":"a","outcome":"OK"}""", "a", Outcome.Unknown, null)]
    public void Unknown_values_are_read_as_unknown(string json, string hostname, Outcome outcome, ErrorType? type)
    {
        var entry = HostReply.Read(Json(json));

        Assert.Equal((hostname, outcome, false, type), (entry.Hostname, entry.Outcome, entry.Changed, entry.ErrorType));
        Assert.Null(entry.As(NodeOperations.Disk.Result).Result);
    }

    [Fact]
    public void A_result_is_possible_beside_an_error()
    {
        var result = Read("""{"hostname":"a","outcome":"failed","changed":true,"error":"exit 1","error_type":"failed","output":"half"}""");

        Assert.Equal((Outcome.Failed, "exit 1", "half"), (result.Outcome, result.Error, result.Result!.Output));
    }

    [Theory]
    [InlineData("""{"hostname":"a","outcome":"failed","changed":true,"error":"exit 1","duration_ms":5}""")]
    [InlineData("""{"hostname":"a","outcome":"failed","changed":true,"error":"exit 1","output":7}""")]
    [InlineData("""{"hostname":"a","outcome":"cancelled","changed":true,"error":"exit 1","output":null}""")]
    public void Beside_a_failure_half_a_result_is_none(string json)
    {
        var result = Read(json);

        Assert.Equal((HostReply.Read(Json(json)).Outcome, "exit 1", null), (result.Outcome, result.Error, result.Result));
    }

    [Theory]
    [InlineData("""{"hostname":"a","outcome":"ok","changed":true}""")]
    [InlineData("""{"hostname":"a","outcome":"ok","changed":true,"output":7}""")]
    [InlineData("""{"hostname":"a","outcome":"ok","changed":true,"output":null}""")]
    public void A_success_whose_result_cannot_be_read_is_unknown_and_says_so(string json)
    {
        var result = Read(json);

        Assert.Equal(("a", Outcome.Unknown, true, ErrorType.Unknown), (result.Hostname, result.Outcome, result.Changed, result.ErrorType));
        Assert.StartsWith("the result cannot be read: ", result.Error, StringComparison.Ordinal);
        Assert.Null(result.Result);
    }

    [Fact]
    public void A_result_with_more_than_is_known_is_read()
    {
        var result = Read("""{"hostname":"a","outcome":"ok","changed":false,"output":"x","note":null,"duration_ms":5,"deep":{"a":[1]}}""");

        Assert.Equal("x", result.Result!.Output);
    }

    [Fact]
    public void A_reply_gives_its_entries_their_type()
    {
        OperationReply reply = new(Json("""{"job_id":"00000007-0000-7000-8000-000000000000","results":[{"hostname":"a","outcome":"ok","disks":[]},{"hostname":"b","outcome":"expired","error":"x","error_type":"expired"},null]}"""), "raw");

        var collection = reply.As(NodeOperations.Disk);

        Assert.Equal(("00000007-0000-7000-8000-000000000000", "raw"), (collection.JobId.ToString(), collection.RawJson));
        Assert.Equal([Outcome.Ok, Outcome.Expired, Outcome.Unknown], collection.Hosts.Select(result => result.Outcome));
        Assert.True(collection.TryGetFirst(out var first));
        Assert.Empty(first.Result!.Disks);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"job_id":null,"results":null}""")]
    [InlineData("""{"job_id":7,"results":{}}""")]
    public void A_reply_without_entries_is_empty(string json)
    {
        var collection = new OperationReply(Json(json)).As(NodeOperations.Disk);

        Assert.True(collection.JobId.IsEmpty);
        Assert.Empty(collection.Hosts);
        Assert.False(collection.TryGetFirst(out var first));
        Assert.Null(first);
    }

    private static HostReply<SampleResult> Read(string json) => HostReply.Read(Json(json)).As(SampleOperations.Run.Result);

    private static JsonElement Json(string json) => JsonElement.Parse(json);

    private static string Written(HostReply entry)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
            entry.Write(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
