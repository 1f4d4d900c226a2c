using System.Text;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Transport.Tests.Jobs;

/// <summary>Tests of the request in records and commands.</summary>
public sealed class RequestTests
{
    private const string Id = "0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10";

    [Theory]
    [InlineData("""{ "a" : 1.10,"b":[1E3, null ],"c":"\u0061" }""")]
    [InlineData("{}")]
    [InlineData("[1]")]
    public void A_command_carries_the_bytes_of_its_request(string request)
    {
        var bytes = JobJson.Bytes(new JobCommand { Kind = CommandKind.Run, JobId = JobId.Parse(Id), Operation = "x.y", Request = Encoding.UTF8.GetBytes(request), StartWithin = 10 });

        Assert.Equal($$"""{"kind":"run","job_id":"{{Id}}","operation":"x.y","request":{{request}},"check":false,"start_within":10}""", Encoding.UTF8.GetString(bytes));
        Assert.True(JobCommand.TryParse(bytes, out var command, out _));
        Assert.Equal(request, Encoding.UTF8.GetString(command.Request.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","request":null""")]
    public void A_command_without_a_request_has_an_empty_one(string member)
    {
        Assert.True(JobCommand.TryParse(Encoding.UTF8.GetBytes($$"""{"kind":"cancel","job_id":"{{Id}}"{{member}}}"""), out var command, out _));

        Assert.True(command.Request.IsEmpty);
        Assert.Equal($$"""{"kind":"cancel","job_id":"{{Id}}","check":false,"start_within":0}""", Encoding.UTF8.GetString(JobJson.Bytes(command)));
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", "it is not a JSON object")]
    [InlineData("[]", "its request is not an object")]
    [InlineData("null", "its request is not an object")]
    public void A_record_needs_an_object(string request, string problem)
    {
        var json = $$"""{"id":"{{Id}}","operation":"x.y","request":{{request}},"target":"_any","created":"2026-11-01T12:00:00+00:00","start_within":10,"timeout":30}""";

        Assert.False(JobRecord.TryParse(JobId.Parse(Id), Encoding.UTF8.GetBytes(json), out _, out var reason));
        Assert.Equal(problem, reason);
    }
}
