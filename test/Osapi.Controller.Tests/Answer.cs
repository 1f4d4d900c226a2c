using System.Net;
using System.Text.Json;

namespace Osapi.Controller.Tests;

/// <summary>A complete response of the controller.</summary>
internal sealed record Answer(HttpStatusCode Status, string? ContentType, string Body, HttpResponseMessage Message)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string JobId => Json.GetProperty("job_id").GetString()!;

    public string Error => Json.GetProperty("error").GetString()!;

    public IReadOnlyList<string> Errors => [.. Json.GetProperty("errors").EnumerateArray().Select(error => error.GetString()!)];

    /// <summary>The outcome of each host.</summary>
    public IReadOnlyList<string> Outcomes =>
        [.. Json.GetProperty("results").EnumerateArray().Select(entry => $"{entry.GetProperty("hostname")} {entry.GetProperty("outcome")}")];

    public static async Task<Answer> ReadAsync(HttpResponseMessage message, CancellationToken cancellationToken) => new(
        message.StatusCode, message.Content.Headers.ContentType?.MediaType, await message.Content.ReadAsStringAsync(cancellationToken), message);

    /// <summary>Checks that it is an error response.</summary>
    public Answer AssertProblem(HttpStatusCode status, string error)
    {
        Assert.Equal((status, "application/problem+json"), (Status, ContentType));
        Assert.Equal(error, Error);
        Assert.Equal(error, Json.GetProperty("detail").GetString());
        Assert.Equal((int)status, Json.GetProperty("status").GetInt32());
        Assert.StartsWith("urn:osapi:problem:", Json.GetProperty("type").GetString());
        Assert.NotEmpty(Json.GetProperty("title").GetString()!);
        return this;
    }

    public Answer Assert2xx(HttpStatusCode status = HttpStatusCode.OK)
    {
        Assert.True(Status == status, $"{(int)Status} {Body}");
        Assert.Equal("application/json", ContentType);
        return this;
    }
}
