using System.Net;
using System.Text;

namespace Osapi.Controller.Tests.Requests;

/// <summary>Tests of invalid requests: one response with every error.</summary>
public sealed class BadRequestTests() : ControllerTest(new ControllerSetup
{
    Options = options => options with { MaxRequestBytes = 64 * 1024 },
    Agents = [new("web-01", Group: "web.dev"), new("db-01", Group: "db")],
})
{
    [Fact]
    public async Task All_problems_are_reported_at_once()
    {
        var answer = await fixture.SendAsync("GET", "/node/_every/hostname?start_within=0&colour=red", key: "me");

        answer.AssertProblem(HttpStatusCode.BadRequest, string.Join("; ", answer.Errors));
        Assert.Equal(
            [
                "target '_every' is unknown: names with a leading underscore are reserved, and only _any and _all exist",
                "Idempotency-Key must be a single UUID other than all zeros",
                "start_within must be one number between 1 and 3600 (seconds)",
                "colour is unknown",
            ],
            answer.Errors);
    }

    [Theory]
    [InlineData("web-02", "target web-02 is not a registered host; did you mean 'web-01'?")]
    [InlineData("elsewhere.example.com", "target elsewhere.example.com is not a registered host")]
    [InlineData("group:wev", "target group:wev matches no host; did you mean 'group:web' or 'group:db'?")]
    [InlineData("group:web.prod", "target group:web.prod matches no host; did you mean 'group:web.dev'?")]
    [InlineData("rack:7", "target rack:7 matches no host; the hosts have the labels group")]
    public async Task A_target_without_a_host_is_reported_with_suggestions(string target, string error) =>
        (await fixture.GetAsync($"/node/{target}/hostname")).AssertProblem(HttpStatusCode.BadRequest, error);

    [Fact]
    public async Task Without_any_agent_any_and_all_match_no_host()
    {
        await using var empty = await ControllerFixture.OpenAsync();

        foreach (var target in (string[])["_any", "_all"])
            (await empty.GetAsync($"/node/{target}/hostname")).AssertProblem(HttpStatusCode.BadRequest, $"target {target} matches no host: no agent is registered");
        Assert.Equal(0, (await empty.GetAsync("/job")).Json.GetProperty("total_items").GetInt32());
    }

    [Theory]
    [InlineData("%2e%2e")]
    [InlineData("..%2f..%2fetc%2fpasswd")]
    [InlineData("-rf")]
    [InlineData("a%20b")]
    [InlineData("a%0ab")]
    [InlineData("%E2%80%AE")]
    [InlineData("$(reboot)")]
    [InlineData("web-01%3bls")]
    [InlineData("web%2D01%2541")]
    [InlineData("_any%20")]
    [InlineData("_ALL")]
    [InlineData(":")]
    [InlineData("group:")]
    [InlineData(":web")]
    [InlineData("group:web..dev")]
    [InlineData("group:*")]
    public async Task A_hostile_target_is_refused_and_becomes_no_job(string target)
    {
        var answer = await fixture.SendRawAsync($"GET /node/{target}/hostname HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {fixture.Admin}\r\nConnection: close\r\n\r\n");

        Assert.Matches(@"\AHTTP/1.1 (400|404) ", answer);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        Assert.Equal(0, (await fixture.GetAsync("/job")).Json.GetProperty("total_items").GetInt32());
    }

    [Fact]
    public async Task A_target_of_many_characters_is_not_repeated_in_full()
    {
        var answer = await fixture.GetAsync($"/node/{new string('a', 4000)}/hostname");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.InRange(answer.Error.Length, 1, 300);
    }

    [Theory]
    [InlineData("limit=0", "limit must be between 1 and 100")]
    [InlineData("limit=101", "limit must be between 1 and 100")]
    [InlineData("limit=ten", "limit must be a whole number")]
    [InlineData("offset=-1", "offset must be between 0 and 2147483647")]
    [InlineData("status=done", "status must be one of submitted, processing, completed, failed, partial_failure, cancelled")]
    [InlineData("statu=failed", "statu is unknown; did you mean 'status'?")]
    [InlineData("start_within=5", "start_within is unknown")]
    [InlineData("check=true", "check is unknown")]
    public async Task A_query_is_checked_like_any_request(string query, string error) =>
        (await fixture.GetAsync($"/job?{query}")).AssertProblem(HttpStatusCode.BadRequest, error);

    [Theory]
    [InlineData("check=")]
    [InlineData("check=1")]
    [InlineData("check=yes")]
    [InlineData("check=true&check=false")]
    public async Task A_call_that_may_only_ask_what_would_happen_says_so_clearly(string query) =>
        (await fixture.GetAsync($"/node/_any/hostname?{query}")).AssertProblem(HttpStatusCode.BadRequest, "check must be true or false");

    [Theory]
    [InlineData("start_within=0.9")]
    [InlineData("start_within=3601")]
    [InlineData("start_within=-1")]
    [InlineData("start_within=1e3")]
    [InlineData("start_within=NaN")]
    [InlineData("start_within=")]
    [InlineData("start_within=5&start_within=6")]
    public async Task The_bound_of_a_start_is_a_number_of_seconds_from_1_to_3600(string query) =>
        (await fixture.GetAsync($"/node/_any/hostname?{query}")).AssertProblem(HttpStatusCode.BadRequest, "start_within must be one number between 1 and 3600 (seconds)");

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("0199a6c14b5e7c1a9d2f6a0c5d8e7f10")]
    [InlineData("{0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10}")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task An_idempotency_key_is_a_uuid(string key) =>
        (await fixture.SendAsync("GET", "/node/_any/hostname", key: key)).AssertProblem(HttpStatusCode.BadRequest, "Idempotency-Key must be a single UUID other than all zeros");

    [Fact]
    public async Task Two_idempotency_keys_are_one_too_many()
    {
        var answer = await fixture.SendRawAsync(
            $"GET /node/_any/hostname HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {fixture.Admin}\r\nIdempotency-Key: {Guid.NewGuid()}\r\nIdempotency-Key: {Guid.NewGuid()}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("Idempotency-Key must be a single UUID", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not-a-uuid", "id must be a job id (a UUID)")]
    [InlineData("0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f1%2f", "id must be a job id (a UUID)")]
    public async Task A_job_id_is_a_uuid(string id, string error) => (await fixture.GetAsync($"/job/{id}")).AssertProblem(HttpStatusCode.BadRequest, error);

    [Theory]
    [InlineData("{", "the request is not valid JSON (line 1, position 2)")]
    [InlineData("[]", "the request must be a JSON object")]
    [InlineData("{\"force\":true}", "force is unknown")]
    [InlineData("{\"id\":\"0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10\"}", "id is already in the path and must not be repeated")]
    [InlineData("{\"a\":1,\"a\":2}", "the request is not valid JSON: a is given twice")]
    [InlineData("{\"x\":[{},{\"y\":{\"b\":1,\"b\":2}}]}", "the request is not valid JSON: x[1].y.b is given twice")]
    public async Task A_body_is_checked(string body, string error) =>
        (await fixture.PostAsync($"/job/{Guid.NewGuid()}/cancel", body)).AssertProblem(HttpStatusCode.BadRequest, error);

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"a\":1,\"a\":2}")]
    public async Task An_unreadable_body_causes_no_reports_of_missing_members(string body) =>
        Assert.Single((await fixture.PostAsync("/node/_any/command/shell", body)).Errors);

    [Fact]
    public async Task A_query_beside_a_body_is_refused() =>
        (await fixture.PostAsync($"/job/{Guid.NewGuid()}/cancel?force=true", "{}"))
            .AssertProblem(HttpStatusCode.BadRequest, "force is unknown in the query: this operation takes its members from the body");

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/jsonlines")]
    public async Task A_body_that_is_not_JSON_is_not_read(string contentType) =>
        (await fixture.SendAsync("POST", $"/job/{Guid.NewGuid()}/cancel", "{}", contentType: contentType))
            .AssertProblem(HttpStatusCode.UnsupportedMediaType, "the body must be JSON (Content-Type: application/json)");

    [Fact]
    public async Task A_body_that_is_too_large_is_not_read()
    {
        var answer = await fixture.PostAsync($"/job/{Guid.NewGuid()}/cancel", $"{{\"a\":\"{new string('a', 128 * 1024)}\"}}");

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "application/problem+json"), (answer.Status, answer.ContentType));
        Assert.Equal("urn:osapi:problem:too-large", answer.Json.GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_body_in_pieces_that_is_too_large_is_not_read()
    {
        StringBuilder request = new($"POST /job/{Guid.NewGuid()}/cancel HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {fixture.Admin}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
        for (var i = 0; i < 80; i++)
            request.Append("400\r\n").Append('a', 1024).Append("\r\n");

        Assert.StartsWith("HTTP/1.1 413 ", await fixture.SendRawAsync(request.ToString()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/nothing", HttpStatusCode.NotFound, "there is nothing at /nothing")]
    [InlineData("GET", "/", HttpStatusCode.NotFound, "there is nothing at /")]
    [InlineData("DELETE", "/node/_any/hostname", HttpStatusCode.MethodNotAllowed, "/node/_any/hostname does not support DELETE")]
    [InlineData("POST", "/health", HttpStatusCode.MethodNotAllowed, "/health does not support POST")]
    public async Task A_path_or_a_method_that_nothing_answers_is_a_problem_document(string method, string path, HttpStatusCode status, string error)
    {
        var answer = await fixture.SendAsync(method, path, token: null);

        answer.AssertProblem(status, error);
        Assert.Equal(status == HttpStatusCode.MethodNotAllowed, answer.Message.Content.Headers.Allow.Count > 0);
    }
}
